using System.Runtime.InteropServices;

namespace Fabric.Datapath.Shared;

/// <summary>This host: 64 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct HostSlot
{
    /// <summary>Of the flow hash. It must not change while flows are there.</summary>
    [FieldOffset(0)]
    public ulong Seed;

    /// <summary>When the worker loop ran last that has not run for the longest, in nanoseconds of CLOCK_MONOTONIC.</summary>
    [FieldOffset(8)]
    public ulong Heartbeat;

    [FieldOffset(16)]
    public uint TunnelSource;

    /// <summary>Largest IPv4 packet of the underlay.</summary>
    [FieldOffset(20)]
    public uint UnderlayMtu;

    /// <summary>Places of the flow index, less one.</summary>
    [FieldOffset(24)]
    public uint IndexMask;

    /// <summary>Interface index of the device for packets that the ring can't take; 0 is none.</summary>
    [FieldOffset(28)]
    public uint PuntDevice;

    /// <summary>1: sessions are reported, so programs keep the counts of those that they begin anew.</summary>
    [FieldOffset(32)]
    public ulong Records;

    /// <summary>Worker loops that packets come up to.</summary>
    [FieldOffset(40)]
    public uint Workers;

    /// <summary>Packets of the underlay that lead to no virtual interface and may come up in a second; 0 is no limit.</summary>
    [FieldOffset(44)]
    public uint MissRate;
}
