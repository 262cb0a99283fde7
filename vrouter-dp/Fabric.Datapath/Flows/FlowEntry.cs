namespace Fabric.Datapath;

public enum FlowAction : byte
{
    Forward,
    Drop,
}

/// <summary>How far a TCP connection has come, as seen in one direction.</summary>
[Flags]
public enum TcpProgress : byte
{
    None = 0,
    Syn = 1,
    Acknowledged = 2,
    Fin = 4,
    Reset = 8,
}

/// <summary>One direction of a connection, with the verdict over it and where its packets go.</summary>
internal struct FlowEntry
{
    public FlowKey Key;
    public bool InUse;

    /// <summary>This direction opened the connection; policy is evaluated for it.</summary>
    public bool IsInitiator;
    public FlowAction Action;
    public DropReason Reason;
    public TcpProgress Tcp;

    /// <summary>ICMP type of the packet that opened the connection.</summary>
    public byte IcmpType;

    /// <summary>The local interface under whose key the flow is, and whose limit it counts against.</summary>
    public ushort Vif;

    /// <summary>The other direction's entry, or -1 (a dropped flow has none).</summary>
    public int ReverseIndex;

    /// <summary>The change of the tables after which the verdict was made; 0 when none was made yet.</summary>
    public long ValidatedAt;

    /// <summary>The next hop of the route, and the one that was chosen (another only for ECMP), with its label.</summary>
    public uint RouteNextHop;
    public uint NextHop;
    public uint Label;

    /// <summary>For packets from the underlay: the host that sent them when the verdict was made.</summary>
    public uint OuterSource;
    public long CreatedAt;
    public long LastSeen;
    public long Packets;
    public long Bytes;
}
