using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Routing;

/// <summary>A client of the RIB with an established session.</summary>
public sealed record PeerDefinition
{
    /// <summary>Unique; a peer that comes back under its name finds the routes that were kept for it.</summary>
    public required string Name { get; init; }

    public required PeerKind Kind { get; init; }

    public required BgpIdentifier RouterId { get; init; }

    public required IpAddress Address { get; init; }

    /// <summary>The negotiated families; <see cref="AddressFamily.RouteTargetMembership"/> turns on route target filtering. Not used for agents.</summary>
    public EquatableArray<AddressFamily> Families { get; init; }

    /// <summary>Families in which it was agreed to send the peer several paths of a route (RFC 7911), each with an identifier.</summary>
    public EquatableArray<AddressFamily> AddPathFamilies { get; init; }

    /// <summary>How many they are at most; families without one are not limited.</summary>
    public EquatableArray<PathLimit> PathLimits { get; init; }

    /// <summary>Families of IPv4 in which it was agreed on IPv6 next hops (RFC 8950); in others a route with one is not sent.</summary>
    public EquatableArray<AddressFamily> ExtendedNextHopFamilies { get; init; }

    /// <summary>A client of this route reflector (RFC 4456); only for internal BGP.</summary>
    public bool IsRouteReflectorClient { get; init; }

    /// <summary>The peer has the long-lived graceful restart capability (RFC 9494).</summary>
    public bool KnowsLongLivedStale { get; init; }

    /// <summary>The peer's AS; without it, the rules that ask for it are off.</summary>
    public AsNumber? PeerAs { get; init; }

    /// <summary>The session's local address; without it, <see cref="RoutingOptions.LocalAddress"/>.</summary>
    public IpAddress? LocalAddress { get; init; }

    /// <summary>
    /// The AS that this node has taken towards an external peer instead of its own (RFC 7705 section 3). With a choice of two ("dual AS"), set
    /// it only if it is the one that the peer accepted.
    /// </summary>
    public AsNumber? LocalAs { get; init; }

    /// <summary>Paths from the peer get the <see cref="LocalAs"/> in front, unless off ("no-prepend", RFC 7705 section 3.1).</summary>
    public bool PrependsLocalAs { get; init; } = true;

    /// <summary>The peer sees the <see cref="LocalAs"/> alone instead of it in front of this node's own ("replace-as", RFC 7705 section 3.2).</summary>
    public bool ReplacesAs { get; init; }

    /// <summary>How often this node's AS may occur in a path from the peer.</summary>
    public int AllowedOwnAs { get; init; }

    /// <summary>Paths from an external peer must begin with its AS (RFC 4271 section 6.3). To be off for route servers (RFC 7947 section 2.2.2.1).</summary>
    public bool EnforcesFirstAs { get; init; } = true;

    /// <summary>Paths from the peer may be so long.</summary>
    public int? MaxAsPathLength { get; init; }

    /// <summary>This node's role towards an external peer (RFC 9234).</summary>
    public BgpRole? LocalRole { get; init; }

    /// <summary>A route from an external peer with the community GRACEFUL_SHUTDOWN gets LOCAL_PREF 0 (RFC 8326 section 4.1).</summary>
    public bool HonorsGracefulShutdown { get; init; } = true;

    /// <summary>The session is about to be shut down: all that the peer is told says so (RFC 8326 section 4.2).</summary>
    public bool IsShuttingDownGracefully { get; init; }

    /// <summary>The peer's AS in a path to it is replaced by the local one, for sites that share an AS ("as-override"). Only for external BGP.</summary>
    public bool OverridesAs { get; init; }

    public PrivateAsRemoval PrivateAsRemoval { get; init; }

    public NextHopRule NextHop { get; init; }

    /// <summary>Whether tunnel encapsulations are taken from the peer and told to it.</summary>
    public TunnelEncapsulationRule TunnelEncapsulation { get; init; }

    /// <summary>An external peer is told the MED of other ASes too, against RFC 4271 section 5.1.4.</summary>
    public bool PassesMultiExitDisc { get; init; }

    /// <summary>The kinds of communities that the peer is sent. Without extended ones it gets no route target.</summary>
    public CommunityKinds SentCommunities { get; init; } = CommunityKinds.All;

    /// <summary>A path that contains the peer's AS is not sent, as it would drop it. Only for external BGP.</summary>
    public bool ChecksLoopsOnSending { get; init; }

    /// <summary>
    /// Without an import policy nothing is accepted from an external peer, without an export policy nothing is sent to it (RFC 8212).
    /// Memberships need none.
    /// </summary>
    public bool RequiresPolicy { get; init; }

    /// <summary>A chain for the peer's routes. Memberships (RFC 4684) are no routes and pass without it.</summary>
    public EquatableArray<RoutePolicy> ImportPolicies { get; init; }

    /// <summary>A chain for the routes to the peer, as they stand in the RIB; the peer's other rules come behind it.</summary>
    public EquatableArray<RoutePolicy> ExportPolicies { get; init; }
}
