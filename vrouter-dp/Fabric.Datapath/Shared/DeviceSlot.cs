using System.Runtime.InteropServices;

namespace Fabric.Datapath.Shared;

public enum DeviceRole
{
    None,
    Vif,
    Uplink,
}

/// <summary>Who sends through a network device: 8 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct DeviceSlot
{
    [FieldOffset(0)]
    private ulong word;

    public readonly DeviceRole Role => (DeviceRole)(uint)word;

    /// <summary>Of a virtual interface's device.</summary>
    public readonly uint Vif => (uint)(word >> 32);

    internal void Set(DeviceRole role, uint vif) => Volatile.Write(ref word, (ulong)vif << 32 | (uint)role);
}
