using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Routing;

/// <summary>
/// What peers have in common that share an update group; for agents, the VRF. What can't change the outcome for a peer is left at its
/// default, so that more peers are equal.
/// </summary>
internal sealed record UpdateGroupPolicy
{
    public required PeerKind Kind { get; init; }

    public Vrf? Vrf { get; init; }

    /// <summary>Those negotiated.</summary>
    public FamilySet Families { get; init; }

    /// <summary>Those in which receivers take several paths of a route.</summary>
    public FamilySet AddPath { get; init; }

    /// <summary>Of those families; others are not limited.</summary>
    public EquatableArray<PathLimit> PathLimits { get; init; }

    /// <summary>Those of IPv4 in which receivers take IPv6 next hops.</summary>
    public FamilySet ExtendedNextHops { get; init; }

    public bool HasMembership => Families.Contains(AddressFamily.RouteTargetMembership);

    public bool IsRouteReflectorClient { get; init; }

    public bool KnowsLongLivedStale { get; init; }

    /// <summary>Only where a rule asks for it.</summary>
    public AsNumber? PeerAs { get; init; }

    public IpAddress? LocalAddress { get; init; }

    public AsNumber? LocalAs { get; init; }

    public bool ReplacesAs { get; init; }

    public BgpRole? LocalRole { get; init; }

    public bool IsShuttingDownGracefully { get; init; }

    public bool OverridesAs { get; init; }

    public PrivateAsRemoval PrivateAsRemoval { get; init; }

    public NextHopRule NextHop { get; init; }

    public TunnelScope TunnelScope { get; init; }

    public bool PassesMultiExitDisc { get; init; }

    public CommunityKinds SentCommunities { get; init; } = CommunityKinds.All;

    public bool ChecksLoopsOnSending { get; init; }

    /// <summary>An external peer that needs an export policy and has none.</summary>
    public bool LacksPolicy { get; init; }

    public EquatableArray<RoutePolicy> ExportPolicies { get; init; }

    /// <summary>
    /// To such a peer a route from an internal one goes out with ORIGINATOR_ID and CLUSTER_LIST (RFC 4456), a LOCAL_PREF if it had none, the
    /// marks of staleness, and nothing else changed.
    /// </summary>
    public bool IsPlainReflection =>
        Kind == PeerKind.InternalBgp
        && NextHop != NextHopRule.Self
        && TunnelScope == TunnelScope.All
        && SentCommunities == CommunityKinds.All
        && !IsShuttingDownGracefully
        && ExportPolicies.IsEmpty;

    public static UpdateGroupPolicy Of(PeerDefinition peer)
    {
        var policy = new UpdateGroupPolicy
        {
            Kind = peer.Kind,
            Families = FamilySet.Of(peer.Families.AsSpan()),
            AddPath = FamilySet.Of(peer.AddPathFamilies.AsSpan()),
            PathLimits = [.. peer.PathLimits.Where(limit => peer.AddPathFamilies.AsSpan().Contains(limit.Family))],
            ExtendedNextHops = FamilySet.Of(peer.ExtendedNextHopFamilies.AsSpan()),
            IsRouteReflectorClient = peer.IsRouteReflectorClient,
            KnowsLongLivedStale = peer.KnowsLongLivedStale,
            LocalAddress = peer.LocalAddress,
            IsShuttingDownGracefully = peer.IsShuttingDownGracefully,
            NextHop = peer.NextHop,
            TunnelScope = TunnelScopes.Of(peer),
            SentCommunities = peer.SentCommunities,
            ExportPolicies = peer.ExportPolicies,
        };
        if (peer.Kind != PeerKind.ExternalBgp)
        {
            return policy;
        }

        var asksForPeerAs = peer.OverridesAs || peer.ChecksLoopsOnSending || peer.PrivateAsRemoval != PrivateAsRemoval.None;
        return policy with
        {
            PeerAs = asksForPeerAs ? peer.PeerAs : null,
            LocalAs = peer.LocalAs,
            ReplacesAs = peer.ReplacesAs && peer.LocalAs is not null,
            LocalRole = peer.LocalRole,
            OverridesAs = peer.OverridesAs,
            PrivateAsRemoval = peer.PrivateAsRemoval,
            PassesMultiExitDisc = peer.PassesMultiExitDisc,
            ChecksLoopsOnSending = peer.ChecksLoopsOnSending,
            LacksPolicy = peer.RequiresPolicy && peer.ExportPolicies.IsEmpty,
        };
    }
}
