using Fabric.Primitives;

namespace Fabric.Datapath.Inspection;

/// <summary>
/// A flow as operators see it, with the names of its interface's machine and network. Ages are in milliseconds. A wide one stands for
/// connections from any port (0) to the ports from <paramref name="FirstPort"/> to <paramref name="LastPort"/>; its packets are the connections
/// that were made by it. A stateless one stands for all packets between two prefixes, of any protocol (0) and from any port (0) to any.
/// </summary>
public sealed record FlowRecord(
    int Index,
    int? ReverseIndex,
    bool IsInitiator,
    bool IsWide,
    ushort? FirstPort,
    ushort? LastPort,
    bool IsStateless,
    int? SourceLength,
    int? DestinationLength,
    uint KeyNextHop,
    uint Vif,
    string? Machine,
    string? Network,
    uint Vrf,
    byte Protocol,
    IpAddress Source,
    ushort SourcePort,
    IpAddress Destination,
    ushort DestinationPort,
    FlowAction Action,
    DropReason Reason,
    string? Rule,
    uint NextHop,
    uint Label,
    TcpProgress Tcp,
    long Packets,
    long Bytes,
    long AgeMilliseconds,
    long IdleMilliseconds
);

/// <summary>A virtual interface with its counters; received means from the VM.</summary>
public sealed record VifRecord(
    uint Id,
    string Device,
    uint Vrf,
    MacAddress Mac,
    EquatableArray<IpAddress> Addresses,
    string PortId,
    string? Machine,
    string Network,
    uint NextHop,
    EquatableArray<string> AccessLists,
    long ReceivedPackets,
    long ReceivedBytes,
    long SentPackets,
    long SentBytes,
    long DroppedPackets,
    int Flows
);

public sealed record VrfRecord(uint Id, string Name, int Routes);

public sealed record RouteRecord(uint Vrf, IpPrefix Prefix, uint NextHop, uint Label, EquatableArray<uint> SecurityGroups, string Network);

/// <summary>A next hop; <paramref name="Kind"/> is interface, tunnel, ecmp, receive or discard.</summary>
public sealed record NextHopRecord(
    uint Id,
    string Kind,
    uint? Vif,
    string? Machine,
    IpAddress? TunnelDestination,
    string? Encapsulation,
    EquatableArray<EcmpMemberRecord> Members
);

public sealed record EcmpMemberRecord(uint NextHop, uint Label);

public sealed record LabelRecord(uint Label, uint NextHop);

/// <summary>How many packets were dropped for a reason; <paramref name="Vif"/> is absent in the total.</summary>
public sealed record DropCountRecord(DropReason Reason, uint? Vif, string? Machine, long Packets);

/// <summary>One of the latest drops. Ports are an ICMP message's type and identifier as in flows.</summary>
public sealed record RecentDropRecord(
    long AtMilliseconds,
    DropReason Reason,
    string? Rule,
    uint? Vif,
    string? Machine,
    byte Protocol,
    IpAddress Source,
    ushort SourcePort,
    IpAddress Destination,
    ushort DestinationPort
);
