using System.Globalization;

namespace Fabric.Datapath.Kernel.Hooks;

/// <summary>A program at a device, as its pin is named: vif-7 or uplink-2.</summary>
internal readonly record struct DeviceHook(HookRole Role, uint InterfaceIndex)
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{(Role == HookRole.Vif ? "vif" : "uplink")}-{InterfaceIndex}");

    public string Program => Role == HookRole.Vif ? "vif_ingress" : "uplink_ingress";

    public static DeviceHook? Parse(string name) =>
        name.Split('-') is [("vif" or "uplink") and var role, var index]
        && uint.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var interfaceIndex)
            ? new DeviceHook(role == "vif" ? HookRole.Vif : HookRole.Uplink, interfaceIndex)
            : null;
}
