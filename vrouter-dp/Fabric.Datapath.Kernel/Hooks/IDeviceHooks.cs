namespace Fabric.Datapath.Kernel.Hooks;

/// <summary>Puts programs at devices' ingress, in one of the kernel's ways, so that they stay when the process ends.</summary>
internal interface IDeviceHooks
{
    IEnumerable<DeviceHook> Attached { get; }

    /// <summary>Attaches a program, or puts it in the place of an older one without a packet passing between.</summary>
    void Attach(DeviceHook hook, int program);

    /// <summary>Does nothing where nothing is attached, or the device is gone.</summary>
    void Detach(DeviceHook hook);
}
