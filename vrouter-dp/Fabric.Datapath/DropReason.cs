namespace Fabric.Datapath;

/// <summary>Why a packet was not forwarded. Each has a counter of its own, for the whole data plane and for each virtual interface.</summary>
public enum DropReason : byte
{
    None,

    // Frames from a virtual interface.
    UnknownVif,
    TruncatedFrame,
    SpoofedSourceMac,
    SpoofedSourceAddress,
    UnknownDestinationMac,
    Broadcast,
    Multicast,
    Ipv6,
    UnsupportedEtherType,

    // ARP and DHCP.
    InvalidArp,
    ArpProbe,
    ArpReply,
    ArpNoRoute,
    InvalidDhcp,
    DhcpDisabled,
    DhcpIgnored,

    // IPv4 packets.
    InvalidIpv4Header,
    InvalidIpv4Checksum,
    InvalidTransportHeader,
    InvalidOffload,
    InvalidDestination,
    OverlappingFragment,
    TtlExceeded,
    FragmentationNeeded,
    FragmentWithoutHead,

    // Packets from the underlay.
    NotOurTunnel,
    OuterFragment,
    UnsupportedTunnelProtocol,
    UnsupportedGre,
    InvalidMpls,
    UnknownLabel,

    // Forwarding.
    UnknownVrf,
    NoSourceRoute,
    NoDestinationRoute,
    InvalidSource,
    InvalidNextHop,
    Discard,
    NotForwarded,
    UnsupportedTunnel,
    NoTunnelSource,
    SameForwardAndReverseKey,

    // Policy and flow table.
    SecurityGroupEgress,
    SecurityGroupIngress,
    FlowTableFull,
    FlowLimitOfVif,

    // Later additions: the numbers of the others are in shared memory.
    InvalidUdpTunnel,

    /// <summary>More packets without a current flow entry than the interface may have come up in a second.</summary>
    MissRateOfVif,

    /// <summary>Too much of its sender waits for the pipeline already.</summary>
    HoldQueueFull,

    /// <summary>It was for an interface of this host that no device is attached to, or that the kernel could not hand it to.</summary>
    NotDelivered,

    /// <summary>More packets of the underlay without a current flow entry than may come up for the interface in a second.</summary>
    MissRateToVif,

    /// <summary>More packets of the underlay that lead to no interface than may come up in a second.</summary>
    MissRateOfUnderlay,
}
