using System.Runtime.InteropServices;

namespace Fabric.Datapath.Shared;

/// <summary>What is written when the set of flows changes: 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct FlowTableSlot
{
    /// <summary>Held by whoever changes the set of flows; see <see cref="FlowLock"/>.</summary>
    [FieldOffset(0)]
    public uint Lock;

    /// <summary>Where the ring of free slots begins.</summary>
    [FieldOffset(4)]
    public uint FirstFree;

    /// <summary>Free slots.</summary>
    [FieldOffset(8)]
    public uint FreeCount;

    /// <summary>Slots of the table, and of the ring.</summary>
    [FieldOffset(12)]
    public uint Capacity;

    /// <summary>Slots that one virtual interface may take.</summary>
    [FieldOffset(16)]
    public uint FlowsPerVif;
}
