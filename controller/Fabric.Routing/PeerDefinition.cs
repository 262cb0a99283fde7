using Fabric.Primitives;

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

    /// <summary>A client of this route reflector (RFC 4456); only for internal BGP.</summary>
    public bool IsRouteReflectorClient { get; init; }

    /// <summary>The peer has the long-lived graceful restart capability (RFC 9494).</summary>
    public bool KnowsLongLivedStale { get; init; }
}
