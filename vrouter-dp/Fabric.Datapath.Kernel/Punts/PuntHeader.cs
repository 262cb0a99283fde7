using System.Runtime.InteropServices;

namespace Fabric.Datapath.Kernel.Punts;

/// <summary>Why a packet comes up.</summary>
public enum PuntCause
{
    /// <summary>No flow entry.</summary>
    Miss,

    /// <summary>An entry that is older than a change.</summary>
    Stale,

    /// <summary>A packet that only C# handles.</summary>
    Exception,
}

/// <summary>What stands before a packet in the ring: struct punt_header of bpf/layout.h, 16 bytes.</summary>
/// <param name="Device">Interface index that it came in by.</param>
/// <param name="Length">Bytes of the packet.</param>
/// <param name="Cause">Why it comes up.</param>
[StructLayout(LayoutKind.Sequential, Size = 16)]
public readonly record struct PuntHeader(uint Device, uint Length, PuntCause Cause);
