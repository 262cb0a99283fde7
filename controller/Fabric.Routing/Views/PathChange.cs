using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>What has become of a path since it was last read.</summary>
public enum PathChangeKind : byte
{
    Added,
    Changed,
    Withdrawn,
}

/// <summary>
/// A path of a table as it is now, against what was read of it before. Table, route, peer, path identifier and where it was imported from name the
/// path; what follows is not there when it is withdrawn.
/// </summary>
public readonly record struct PathChange
{
    public required PathChangeKind Kind { get; init; }

    public required RouteTableKind Table { get; init; }

    /// <summary>Whose table it is; null for tables that all VRFs share.</summary>
    public required string? Vrf { get; init; }

    public required AddressFamily Family { get; init; }

    public required RouteKey Key { get; init; }

    /// <summary>The key of an EVPN route; in a VRF, without the RD.</summary>
    public EvpnKey? Evpn { get; init; }

    /// <summary>The peer that the path comes from.</summary>
    public required PeerDefinition Peer { get; init; }

    /// <summary>The peer's own number for it (RFC 7911); 0 for most.</summary>
    public required uint PathId { get; init; }

    /// <summary>In a VRF: the table that it was imported from by route target; null for a path that was published there.</summary>
    public RouteTableKind? ImportedFrom { get; init; }

    /// <summary>The RD of the route that it was imported from.</summary>
    public RouteDistinguisher ImportedRd { get; init; }

    /// <summary>Behind the import rules.</summary>
    public PathAttributes? Attributes { get; init; }

    public MplsLabel Label { get; init; }

    /// <summary>What an EVPN route says in place of a label.</summary>
    public EvpnData? EvpnData { get; init; }

    public bool IsBest { get; init; }

    /// <summary>Kept over its peer's restart (RFC 4724).</summary>
    public bool IsStale { get; init; }
}
