using Fabric.Primitives;

namespace Fabric.Wire.Xmpp;

/// <summary>A route of an inet, inet6 or labelled inet table as XMPP carries it (xmpp_unicast.xsd); the codec is <see cref="UnicastItemCodec"/>.</summary>
public sealed record UnicastItem
{
    /// <summary>1/1, 1/4 or 2/1 (see <see cref="RouteNode"/>).</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Ipv4Unicast;

    public required IpPrefix Prefix { get; init; }

    /// <summary>Exactly one from an agent; one for each of the equal-cost paths from a control node.</summary>
    public EquatableArray<ItemNextHop> NextHops { get; init; }

    public uint Version { get; init; } = 1;

    public string VirtualNetwork { get; init; } = "";

    /// <summary>How often the address moved, and whether it may (RFC 7432 section 7.7). An old peer gives only SequenceNumber.</summary>
    public ItemMobility Mobility { get; init; }

    public EquatableArray<string> Peers { get; init; }

    public uint SequenceNumber { get; init; }

    public EquatableArray<uint> SecurityGroups { get; init; }

    /// <summary>Communities (RFC 1997) as "asn:value" or a well-known name.</summary>
    public EquatableArray<string> CommunityTags { get; init; }

    /// <summary>0: not said.</summary>
    public uint LocalPreference { get; init; }

    /// <summary>0: not said.</summary>
    public uint Med { get; init; }

    /// <summary>Left out for the default: all five fields, field-hash.</summary>
    public ItemLoadBalance? LoadBalance { get; init; }

    /// <summary>Where the route is from: interface, interface-static, service-interface, bgpaas.</summary>
    public string SubProtocol { get; init; } = "";
}

/// <summary>One way to the prefix: a host and the label that it listens on.</summary>
public sealed record ItemNextHop
{
    /// <summary>The tunnel's end point; IPv4 also for an IPv6 prefix.</summary>
    public required IpAddress Address { get; init; }

    public MacAddress? MacAddress { get; init; }

    /// <summary>An MPLS label, or a VNI where the encapsulation is VXLAN.</summary>
    public uint Label { get; init; }

    public uint Vni { get; init; }

    public TunnelEncapsulations Encapsulations { get; init; }

    /// <summary>The list named a tunnel that Fabric does not know; such names are otherwise passed over.</summary>
    public bool HasUnknownEncapsulation { get; init; }

    /// <summary>The network from which the route is; decides policy at the receiver.</summary>
    public string VirtualNetwork { get; init; } = "";

    public EquatableArray<ulong> Tags { get; init; }

    public bool IsNewTagsList { get; init; } = true;

    public uint LocalSequenceNumber { get; init; }
}

public readonly record struct ItemMobility(bool IsSticky, uint Sequence);

public sealed record ItemLoadBalance(EquatableArray<string> Fields, string Decision);
