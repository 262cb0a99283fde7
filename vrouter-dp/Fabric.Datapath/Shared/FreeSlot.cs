using System.Runtime.InteropServices;

namespace Fabric.Datapath.Shared;

/// <summary>A place in the ring of free flow slots: 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FreeSlot
{
    /// <summary>Number of the flow slot.</summary>
    public uint Slot;

    /// <summary>It may be taken from then on: tenths of a second of CLOCK_MONOTONIC. When that is not within the next hour, it has been free for long.</summary>
    public uint UsableAt;
}
