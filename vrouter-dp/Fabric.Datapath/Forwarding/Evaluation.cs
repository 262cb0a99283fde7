namespace Fabric.Datapath;

/// <summary>A verdict over one direction of a connection, made from the tables as they are.</summary>
internal readonly record struct Evaluation
{
    public DropReason Reason { get; init; }

    public string? Rule { get; init; }

    /// <summary>Of the route, or of the route back to the sender of a packet from the underlay.</summary>
    public uint RouteNextHop { get; init; }

    public NextHop? NextHop { get; init; }

    public uint Label { get; init; }

    /// <summary>The interface on this host that the packets go to, when they stay here.</summary>
    public Vif? Destination { get; init; }

    /// <summary>
    /// Of the side that did not open the connection: the verdict is the same for these, where no ECMP member was chosen by the ports.
    /// </summary>
    public PortSpan Ports { get; init; }

    public bool IsForUs => Reason == DropReason.None && NextHop?.Kind == NextHopKind.Receive;
}
