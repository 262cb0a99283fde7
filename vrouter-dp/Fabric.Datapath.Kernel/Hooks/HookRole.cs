namespace Fabric.Datapath.Kernel.Hooks;

/// <summary>Which program a device's ingress runs.</summary>
public enum HookRole
{
    Vif,
    Uplink,
}
