namespace Fabric.Controller.Inspection;

/// <summary>A candidate of a route; the best one has no rejection.</summary>
/// <param name="Rejection">The step that it lost by, or what makes it infeasible.</param>
/// <param name="Decision">Null for the only path of a route.</param>
public sealed record PathDocument(
    bool Best,
    bool Equal,
    bool Valid,
    bool Stale,
    bool Internal,
    string Source,
    string PeerAddress,
    string PeerRouterId,
    string NextHop,
    uint Label,
    string? RouteDistinguisher,
    uint? LocalPref,
    uint? Med,
    string AsPath,
    string Origin,
    IReadOnlyList<string> Communities,
    IReadOnlyList<string> ExtendedCommunities,
    IReadOnlyList<string> LargeCommunities,
    string? OriginatorId,
    IReadOnlyList<string> ClusterList,
    string? Rejection,
    DecisionDocument? Decision
);

/// <summary>Why a path won or lost (RFC 4271 section 9.1).</summary>
/// <param name="Step">The step that decided, by its name in "rejection".</param>
/// <param name="Value">What this path has there; null where there is nothing to show.</param>
/// <param name="Against">The path that it was held against: the best one, for the best one the next; null for an infeasible path.</param>
/// <param name="AgainstValue">What that one has.</param>
/// <param name="Policy">The policy that rejects it.</param>
/// <param name="Term">That policy's term.</param>
public sealed record DecisionDocument(string Step, string? Value, string? Against, string? AgainstValue, string? Policy, string? Term);

/// <param name="Prefix">Of a route without one, such as a membership, its NLRI in words.</param>
/// <param name="Stale">Whether the best path is kept over its source's restart.</param>
public sealed record RouteDocument(string? RouteDistinguisher, string Prefix, bool Stale, IReadOnlyList<PathDocument> Paths);

/// <summary>
/// GET /inspect/routes?vrf=NAME, /inspect/bgp/routes?family=vpnv4 and /inspect/bgp/neighbors/NAME/received-routes?family=vpnv4, each with
/// prefix=PREFIX and limit=NUMBER.
/// </summary>
/// <param name="Total">How many routes there are; those shown are the first ones.</param>
public sealed record RoutesDocument(string Table, string RouterId, long As, IReadOnlyList<RouteDocument> Routes, int Total);

/// <summary>A route as a neighbour is told it, behind the export rules.</summary>
/// <param name="State">"held"; "pending": told anew as soon as the neighbour reads; "withdrawing".</param>
/// <param name="Path">Null while withdrawing.</param>
public sealed record AdvertisedRouteDocument(string? RouteDistinguisher, string Prefix, string State, AdvertisedPathDocument? Path);

public sealed record AdvertisedPathDocument(
    string Source,
    string NextHop,
    uint Label,
    uint? LocalPref,
    uint? Med,
    string AsPath,
    string Origin,
    IReadOnlyList<string> Communities,
    IReadOnlyList<string> ExtendedCommunities,
    IReadOnlyList<string> LargeCommunities,
    string? OriginatorId,
    IReadOnlyList<string> ClusterList
);

/// <summary>GET /inspect/bgp/neighbors/NAME/advertised-routes, with family, prefix and limit.</summary>
public sealed record AdvertisedRoutesDocument(
    string Table,
    string RouterId,
    long As,
    IReadOnlyList<AdvertisedRouteDocument> Routes,
    int Total
);

/// <summary>A route target membership (RFC 4684) and who asks for it; in GET /inspect/bgp/memberships.</summary>
public sealed record MembershipDocument(string Membership, bool Originated, IReadOnlyList<string> Sources);

public sealed record MembershipsDocument(IReadOnlyList<MembershipDocument> Memberships);
