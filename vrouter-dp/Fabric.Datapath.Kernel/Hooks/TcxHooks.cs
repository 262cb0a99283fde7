using System.Runtime.CompilerServices;
using Fabric.Datapath.Kernel.Maps;
using Fabric.Datapath.Kernel.Native;

namespace Fabric.Datapath.Kernel.Hooks;

/// <summary>Pinned tcx links (kernel 6.6 and up). A link that is not pinned ends with the process.</summary>
internal sealed unsafe class TcxHooks(PinFolder folder) : IDeviceHooks
{
    private const uint TcxIngress = 46;
    private const int InvalidArgument = 22;

    public IEnumerable<DeviceHook> Attached =>
        PinFolder.PinsIn(folder.Links).Select(Path.GetFileName).Select(DeviceHook.Parse!).OfType<DeviceHook>();

    /// <summary>Whether the kernel knows tcx: an older one calls the type of attachment invalid before it looks for the device.</summary>
    public static bool IsSupported(int program)
    {
        using var link = Libbpf.CreateLink(program, int.MaxValue, TcxIngress, null);
        return System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != InvalidArgument;
    }

    public void Attach(DeviceHook hook, int program)
    {
        var pin = PathOf(hook);
        using (var link = Libbpf.OpenPin(pin))
        {
            if (!link.IsInvalid && IsAt(link, hook.InterfaceIndex) && Libbpf.UpdateLink(link, program, null) == 0)
            {
                return;
            }
        }

        File.Delete(pin);
        using var created = Libbpf.CreateLink(program, (int)hook.InterfaceIndex, TcxIngress, null);
        if (created.IsInvalid)
        {
            throw KernelCacheException.OfLastError($"attaching {hook.Program} to device {hook.InterfaceIndex}");
        }

        var result = Libbpf.Pin(created.Number, pin);
        if (result != 0)
        {
            throw KernelCacheException.Of($"pinning {pin}", -result);
        }
    }

    public void Detach(DeviceHook hook) => File.Delete(PathOf(hook));

    private string PathOf(DeviceHook hook) => Path.Combine(folder.Links, hook.Name);

    // A device that is gone leaves its link without one; its index may be another's by now.
    private static bool IsAt(Descriptor link, uint interfaceIndex)
    {
        TcxLinkInfo info;
        var size = (uint)Unsafe.SizeOf<TcxLinkInfo>();
        return Libbpf.Describe(link, &info, &size) == 0 && info.InterfaceIndex == interfaceIndex;
    }
}
