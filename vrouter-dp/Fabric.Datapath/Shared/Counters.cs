using System.Runtime.InteropServices;

namespace Fabric.Datapath.Shared;

/// <summary>What a lane counted of a virtual interface: 32 bytes. Received means from the VM.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct VifCounters
{
    public ulong ReceivedPackets;
    public ulong ReceivedBytes;
    public ulong SentPackets;
    public ulong SentBytes;
}

/// <summary>How a lane's packets met the cache: 64 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
public struct CacheCounters
{
    public ulong Hits;

    /// <summary>Packets without an entry.</summary>
    public ulong Misses;

    /// <summary>Packets whose entry is older than a change.</summary>
    public ulong Stale;

    /// <summary>Packets that only C# handles.</summary>
    public ulong Exceptions;

    /// <summary>Packets that found the ring and the punt device full.</summary>
    public ulong PuntLost;

    /// <summary>Packets above the miss rate of an interface, to one, or of what leads to none.</summary>
    public ulong MissLimited;

    /// <summary>Connections that a program set up by a wide entry.</summary>
    public ulong Made;
}
