namespace Fabric.Routing;

/// <summary>Why a path is not the best path: what makes it infeasible, or the first step of the decision process that it lost.</summary>
public enum RejectReason : byte
{
    /// <summary>It is the best path.</summary>
    None,

    /// <summary>The AS_PATH contains the local AS (RFC 4271 section 9.1.2).</summary>
    AsLoop,

    /// <summary>ORIGINATOR_ID is the local BGP Identifier (RFC 4456 section 8).</summary>
    OriginatorLoop,

    /// <summary>CLUSTER_LIST contains the local cluster id (RFC 4456 section 8).</summary>
    ClusterLoop,

    /// <summary>The path of an external peer does not begin with its AS (RFC 4271 section 6.3).</summary>
    FirstAs,

    /// <summary>An external peer gives this node's own address of the session as next hop (RFC 4271 section 6.3 a).</summary>
    OwnNextHop,

    /// <summary>Its next hop is of one link alone, of which those who hear of it know nothing (RFC 2545 section 3).</summary>
    LinkLocalNextHop,

    /// <summary>The AS_PATH is longer than the peer may send.</summary>
    AsPathTooLong,

    /// <summary>By its ONLY_TO_CUSTOMER attribute it may not come from, or go to, a peer of that role (RFC 9234 section 5).</summary>
    RouteLeak,

    /// <summary>The external peer has no policy where one is required (RFC 8212 section 3).</summary>
    NoPolicy,

    /// <summary>A routing policy rejects it.</summary>
    Policy,

    /// <summary>With what rules and policies add to them, its attributes have no room in any UPDATE (RFC 8654).</summary>
    TooLong,

    /// <summary>It names tunnel encapsulations and none of them is known.</summary>
    NoTunnelEncapsulation,

    /// <summary>The agent that published it may not be in the VRF: by the configuration its host has no port there.</summary>
    NoPort,

    /// <summary>It belongs to a VRF that is not configured.</summary>
    VrfUnknown,

    /// <summary>Its VRF has no export target.</summary>
    NoRouteTarget,

    /// <summary>It is long-lived stale (RFC 9494 section 4.2).</summary>
    LongLivedStale,
    LocalPreference,

    /// <summary>An E-Tree root goes before a leaf (RFC 8317).</summary>
    EtreeLeaf,

    /// <summary>A sticky MAC goes before a mobile one (RFC 7432 section 15.2).</summary>
    NotSticky,

    /// <summary>A higher MAC mobility sequence is newer (RFC 7432 section 15).</summary>
    MobilitySequence,

    /// <summary>Of two places of a MAC address with one sequence, the one of the PE with the lower address counts (RFC 7432 section 15).</summary>
    PeAddress,
    AsPathLength,
    Origin,
    MultiExitDisc,

    /// <summary>Local before agents before external before internal BGP.</summary>
    SourceKind,

    /// <summary>The higher ORIGINATOR_ID or BGP Identifier loses.</summary>
    RouterId,
    ClusterListLength,
    PeerAddress,

    /// <summary>Imported from a VPN route with a higher RD.</summary>
    RouteDistinguisher,

    /// <summary>Published by one agent with one RD in two VRFs; the name decides.</summary>
    SourceVrf,

    /// <summary>Imported from an EVPN route of type 5, and another from a VPN route with the same RD.</summary>
    FromEvpn,

    /// <summary>One peer advertised both, and the identifier of the other is lower (RFC 7911).</summary>
    PathId,
}
