using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>A route as a peer is told it, behind the export rules.</summary>
/// <param name="Attributes">Null for a route whose withdrawal is still to be told.</param>
/// <param name="IsPending">It has changed since; the peer is told as soon as it reads.</param>
public sealed record AdvertisedView(RouteKey Key, PathAttributes? Attributes, MplsLabel Label, string? Source, bool IsPending)
{
    /// <summary>By which the peer tells it from other paths of the route (RFC 7911); 0 where it takes only one.</summary>
    public uint PathId { get; init; }

    /// <summary>The key of an EVPN route.</summary>
    public EvpnKey? Evpn { get; init; }

    /// <summary>What an EVPN route says in place of a label.</summary>
    public EvpnData? EvpnData { get; init; }
}

public sealed record AdvertisedListing(EquatableArray<AdvertisedView> Routes, int Total);
