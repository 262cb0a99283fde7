using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// The path attributes of a route without its reachability: neither NLRI nor label nor MP next hop are in it, so that routes
/// that differ only there share one set. Immutable; a table interns sets, after which equality is reference equality.
/// </summary>
public sealed record PathAttributes
{
    public static PathAttributes Empty { get; } = new();

    public Origin Origin { get; init; }

    public AsPath AsPath { get; init; } = AsPath.Empty;

    /// <summary>NEXT_HOP or the next hop of MP_REACH_NLRI; a VPN next hop's RD of zeros is left out (RFC 4364 section 4.3.2).</summary>
    public IpAddress NextHop { get; init; }

    public uint? MultiExitDisc { get; init; }

    public uint? LocalPref { get; init; }

    public bool AtomicAggregate { get; init; }

    public Aggregator? Aggregator { get; init; }

    /// <summary>COMMUNITIES (RFC 1997), in ascending order without duplicates.</summary>
    public EquatableArray<uint> Communities { get; init; }

    public BgpIdentifier? OriginatorId { get; init; }

    /// <summary>CLUSTER_LIST, the newest first (RFC 4456).</summary>
    public EquatableArray<uint> ClusterList { get; init; }

    /// <summary>EXTENDED_COMMUNITIES (RFC 4360), in ascending order without duplicates.</summary>
    public EquatableArray<ExtendedCommunity> ExtendedCommunities { get; init; }

    /// <summary>LARGE_COMMUNITIES (RFC 8092), in ascending order without duplicates.</summary>
    public EquatableArray<LargeCommunity> LargeCommunities { get; init; }

    public PmsiTunnel? PmsiTunnel { get; init; }

    /// <summary>The value of the Tunnel Encapsulation attribute (RFC 9012 section 2), well-formed, with the tunnels that have an endpoint; empty where there is none.</summary>
    public EquatableArray<byte> TunnelEncapsulation { get; init; }

    /// <summary>IPv6 address specific extended communities (RFC 5701), of 20 octets each, unread.</summary>
    public EquatableArray<byte> Ipv6ExtendedCommunities { get; init; }

    /// <summary>ONLY_TO_CUSTOMER (RFC 9234 section 5): who first sent the route to a customer, peer or route server client.</summary>
    public AsNumber? OnlyToCustomer { get; init; }

    /// <summary>The value of the BGP Prefix-SID attribute (RFC 8669 section 3), well-formed and unread; empty where there is none.</summary>
    public EquatableArray<byte> PrefixSid { get; init; }

    /// <summary>Unknown optional transitive attributes, passed on with the partial bit set (RFC 4271 section 5).</summary>
    public EquatableArray<UnknownAttribute> Unknown { get; init; }

    /// <summary>
    /// The known optional transitive attributes that came with the partial bit, in ascending order: a speaker that did not know them has passed
    /// them on, and the bit is not set back (RFC 4271 section 5).
    /// </summary>
    public EquatableArray<AttributeType> Partial { get; init; }

    public IEnumerable<RouteTarget> RouteTargets => ExtendedCommunities.Where(c => c.IsRouteTarget).Select(c => new RouteTarget(c.Value));

    /// <summary>Whether the route says anything of tunnels.</summary>
    public bool HasTunnels
    {
        get
        {
            foreach (var community in ExtendedCommunities)
            {
                if (community.IsEncapsulation)
                {
                    return true;
                }
            }

            return !TunnelEncapsulation.IsEmpty;
        }
    }

    /// <summary>
    /// The tunnels that the next hop accepts, of communities and of the attribute, which say the same of a tunnel that needs no more
    /// (RFC 9012 section 4.1); those that end elsewhere are left out. None: not said, or of kinds that are not known here.
    /// </summary>
    public TunnelEncapsulations Encapsulations
    {
        get
        {
            var set = TunnelEncapsulations.None;
            foreach (var community in ExtendedCommunities)
            {
                if (community.IsEncapsulation)
                {
                    set |= Tunnel((ushort)community.Value);
                }
            }

            var tunnels = new TunnelReader(TunnelEncapsulation.AsSpan());
            while (tunnels.Read())
            {
                if (tunnels.EndsAt(NextHop))
                {
                    set |= Tunnel(tunnels.Type);
                }
            }

            return set;
        }
    }

    /// <summary>This set with more extended communities; order and uniqueness are kept.</summary>
    public PathAttributes WithExtendedCommunities(IEnumerable<ExtendedCommunity> added) =>
        this with
        {
            ExtendedCommunities = [.. ExtendedCommunities.Concat(added).Distinct().Order()],
        };

    /// <summary>Of IANA's tunnel types, of which 2 and 11 both stand for MPLS over GRE.</summary>
    private static TunnelEncapsulations Tunnel(ushort type) =>
        type switch
        {
            2 or 11 => TunnelEncapsulations.MplsOverGre,
            13 => TunnelEncapsulations.MplsOverUdp,
            8 => TunnelEncapsulations.Vxlan,
            _ => TunnelEncapsulations.None,
        };
}
