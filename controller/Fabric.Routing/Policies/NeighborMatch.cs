using Fabric.Primitives;

namespace Fabric.Routing.Policies;

/// <summary>Peers by name, by address or by AS; what is null is not asked for.</summary>
public sealed record NeighborMatch
{
    public string? Name { get; init; }

    public IpPrefix? Address { get; init; }

    public AsNumber? AsNumber { get; init; }

    internal bool Fits(PeerDefinition peer) =>
        (Name is null || Name == peer.Name)
        && (Address is not { } prefix || prefix.Contains(peer.Address))
        && (AsNumber is not { } number || number == peer.PeerAs);
}
