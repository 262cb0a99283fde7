namespace Fabric.Routing;

/// <summary>What peers have in common that share an update group; for agents, the VRF.</summary>
internal sealed record UpdateGroupPolicy
{
    public required PeerKind Kind { get; init; }

    public Vrf? Vrf { get; init; }

    public bool HasVpnv4 { get; init; }

    public bool HasVpnv6 { get; init; }

    public bool HasMembership { get; init; }

    public bool IsRouteReflectorClient { get; init; }

    public bool KnowsLongLivedStale { get; init; }
}
