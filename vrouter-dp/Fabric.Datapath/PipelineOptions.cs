namespace Fabric.Datapath;

/// <summary>How the source of a packet from the underlay is checked against the route back to it.</summary>
public enum ReversePathCheck : byte
{
    /// <summary>There must be a route to the source.</summary>
    Loose,

    /// <summary>That route must also lead to the host that sent the packet, or have it among its ECMP members (RFC 3704 section 2.2).</summary>
    Strict,
}

/// <summary>Limits and times of a pipeline. Times are in milliseconds.</summary>
public sealed record PipelineOptions
{
    public ReversePathCheck ReversePathCheck { get; init; } = ReversePathCheck.Strict;

    /// <summary>Flow entries that one virtual interface may take; a connection takes one or two of each of its interfaces.</summary>
    public int FlowsPerVif { get; init; } = 1 << 17;

    /// <summary>A pair of flows without a packet in either direction for so long is removed.</summary>
    public long FlowIdleMilliseconds { get; init; } = 180_000;

    /// <summary>The same for a TCP connection that is closed (both FIN, or RST).</summary>
    public long ClosedFlowIdleMilliseconds { get; init; } = 5_000;

    /// <summary>
    /// The same for a TCP connection whose opener has sent its SYN and nothing else yet, or of which one side has sent nothing at all. It may be less than
    /// what a machine waits before it sends a SYN again: that one finds a new pair.
    /// </summary>
    public long HalfOpenFlowIdleMilliseconds { get; init; } = 60_000;

    /// <summary>The same for a flow that is dropped.</summary>
    public long DroppedFlowIdleMilliseconds { get; init; } = 30_000;

    /// <summary>Flow entries looked at in one call of <see cref="Pipeline.Age"/>, or a hundredth of the table where that is more.</summary>
    public int AgeBatch { get; init; } = 4096;

    /// <summary>How long the ports of a fragmented packet's head are kept for its other fragments.</summary>
    public long FragmentMilliseconds { get; init; } = 2_000;

    /// <summary>ICMP errors that are sent to one virtual interface in a second (RFC 1812 section 4.3.2.8).</summary>
    public int IcmpErrorsPerSecond { get; init; } = 100;

    /// <summary>
    /// Packets of one virtual interface in a second that may begin a flow, and as many from the underlay to it; 0: no limit, as where the kernel's programs have counted them
    /// before they come up.
    /// </summary>
    public int MissesPerSecond { get; init; }

    /// <summary>Packets of the underlay in a second that lead to no interface and are looked into for the reason; 0: no limit, as above.</summary>
    public int MissesOfUnderlayPerSecond { get; init; }

    /// <summary>Drops that are kept for the operator to look at.</summary>
    public int RecentDropCapacity { get; init; } = 1024;
}
