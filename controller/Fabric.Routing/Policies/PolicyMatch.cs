using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>
/// The conditions of a term. All of them must hold; one that is empty or null always does. A list holds if one of its items does, except
/// <see cref="AllCommunities"/> and <see cref="NoCommunities"/>.
/// </summary>
public sealed record PolicyMatch
{
    public static PolicyMatch Everything { get; } = new();

    /// <summary>The route's prefix, of a VPN route without the RD. A route without a prefix (a membership, most of EVPN) is in no range.</summary>
    public EquatableArray<PrefixRange> Prefixes { get; init; }

    /// <summary>The RD of a VPN route; that of a route of a VRF is zero.</summary>
    public EquatableArray<RouteDistinguisher> RouteDistinguishers { get; init; }

    public EquatableArray<AddressFamily> Families { get; init; }

    /// <summary>The peer that the route comes from, on import and on export alike.</summary>
    public EquatableArray<NeighborMatch> Neighbors { get; init; }

    /// <summary>What the peer is that the route comes from: internal, external, an agent, or this node.</summary>
    public EquatableArray<PeerKind> Sources { get; init; }

    /// <summary>One community of the route fits one of the patterns.</summary>
    public EquatableArray<CommunityPattern> AnyCommunity { get; init; }

    /// <summary>Each of the patterns is fitted by a community of the route.</summary>
    public EquatableArray<CommunityPattern> AllCommunities { get; init; }

    /// <summary>None of the patterns is fitted by a community of the route.</summary>
    public EquatableArray<CommunityPattern> NoCommunities { get; init; }

    public EquatableArray<AsPathPattern> AsPaths { get; init; }

    /// <summary>The length for the decision process (RFC 4271 section 9.1.2.2): a set counts one.</summary>
    public NumberRange? AsPathLength { get; init; }

    /// <summary>The last AS of the path, in which the route began. A path that is empty or ends with a set has none.</summary>
    public EquatableArray<AsNumber> OriginAs { get; init; }

    /// <summary>The first AS of the path. A path that is empty or begins with a set has none.</summary>
    public EquatableArray<AsNumber> NeighborAs { get; init; }

    public EquatableArray<Origin> Origins { get; init; }

    public EquatableArray<IpPrefix> NextHops { get; init; }

    /// <summary>LOCAL_PREF; a missing one is 100.</summary>
    public NumberRange? LocalPreference { get; init; }

    /// <summary>MULTI_EXIT_DISC; a missing one is 0 (RFC 4271 section 9.1.2.2 c).</summary>
    public NumberRange? MultiExitDisc { get; init; }
}
