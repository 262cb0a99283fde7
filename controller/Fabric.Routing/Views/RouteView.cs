using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>A route as operators see it, its paths in order of preference.</summary>
public sealed record RouteView(RouteKey Key, EquatableArray<PathView> Paths)
{
    /// <summary>The key of an EVPN route; in a VRF, without the RD.</summary>
    public EvpnKey? Evpn { get; init; }
}

/// <summary>A path, and why it is not the best one.</summary>
public sealed record PathView
{
    public required string Source { get; init; }

    public required PeerKind SourceKind { get; init; }

    /// <summary>By which its source tells it from its other paths of the route (RFC 7911); 0 for most.</summary>
    public uint PathId { get; init; }

    /// <summary>The source's BGP Identifier and address, which decide between equal paths.</summary>
    public required BgpIdentifier SourceRouterId { get; init; }

    public required IpAddress SourceAddress { get; init; }

    public required PathAttributes Attributes { get; init; }

    public required MplsLabel Label { get; init; }

    /// <summary>What an EVPN route says in place of a label.</summary>
    public EvpnData? Evpn { get; init; }

    /// <summary>Of a MAC address: the PE that stands for its place; none for other routes.</summary>
    public IpAddress Holder { get; init; }

    /// <summary>In a VRF: the RD of the VPN route that it was imported from; null for one published there.</summary>
    public RouteDistinguisher? ImportedFrom { get; init; }

    public required bool IsBest { get; init; }

    /// <summary>As good as the best up to MED: traffic is shared.</summary>
    public required bool IsEqual { get; init; }

    public required bool IsStale { get; init; }

    public required bool IsLongLivedStale { get; init; }

    /// <summary>Takes part in the choice.</summary>
    public required bool IsFeasible { get; init; }

    public required RejectReason Reason { get; init; }

    /// <summary>What the source said, or in a VRF the VPN route, where a rule or policy made other attributes of it; null where none did.</summary>
    public PathAttributes? Received { get; init; }

    /// <summary>The policy that decided about the path where it stands; null if none did.</summary>
    public string? Policy { get; init; }

    /// <summary>The term of that policy.</summary>
    public string? Term { get; init; }
}

/// <summary>The first routes of a table in the order of RD and prefix, and how many there are in all.</summary>
public sealed record RouteListing(EquatableArray<RouteView> Routes, int Total);
