using System.Text.Json.Serialization;

namespace Fabric.Controller.Inspection;

/// <summary>GET /inspect/status.</summary>
public sealed record StatusDocument(
    string Node,
    string RouterId,
    long As,
    long ConfigRevision,
    IReadOnlyList<NeighborDocument> Neighbors,
    IReadOnlyList<AgentDocument> Agents,
    int Vrfs,
    int VpnRoutes
);

/// <summary>A BGP neighbour; in GET /inspect/bgp/summary and /inspect/bgp/neighbors/NAME.</summary>
/// <param name="Reason">Why the session is not established, in words; null where it is.</param>
/// <param name="Hint">What to look at; null where all is well.</param>
public sealed record NeighborDocument(
    string Name,
    string Address,
    long As,
    string State,
    long? EstablishedSeconds,
    int RoutesReceived,
    int RoutesSent,
    long MessagesReceived,
    long MessagesSent,
    IReadOnlyList<string> Families,
    bool Restarting,
    string? Reason,
    string? Hint
);

public sealed record SummaryDocument(string RouterId, long As, IReadOnlyList<NeighborDocument> Neighbors);

/// <summary>An agent; in GET /inspect/agents.</summary>
public sealed record AgentDocument(
    string Name,
    string Address,
    string State,
    bool Restarting,
    IReadOnlyList<string> Vrfs,
    string? Reason,
    string? Hint
);

public sealed record AgentsDocument(IReadOnlyList<AgentDocument> Agents);

public sealed record VrfDocument(
    string Name,
    IReadOnlyList<string> ImportTargets,
    IReadOnlyList<string> ExportTargets,
    IReadOnlyList<string> Subscribers,
    int Routes
);

public sealed record VrfsDocument(IReadOnlyList<VrfDocument> Vrfs);

/// <summary>A candidate of a route; the best one has no rejection.</summary>
public sealed record PathDocument(
    bool Best,
    bool Equal,
    bool Stale,
    string Source,
    string NextHop,
    uint Label,
    string? RouteDistinguisher,
    uint? LocalPref,
    uint? Med,
    string AsPath,
    string Origin,
    IReadOnlyList<string> ExtendedCommunities,
    string? Rejection
);

/// <param name="Stale">Whether the best path is kept over its source's restart.</param>
public sealed record RouteDocument(string? RouteDistinguisher, string Prefix, bool Stale, IReadOnlyList<PathDocument> Paths);

/// <summary>GET /inspect/routes?vrf=NAME and /inspect/bgp/routes?family=vpnv4, both with prefix=PREFIX and limit=NUMBER.</summary>
/// <param name="Truncated">There are more routes than the limit; those shown are any of them.</param>
public sealed record RoutesDocument(string Table, IReadOnlyList<RouteDocument> Routes, bool Truncated);

/// <summary>A route target membership (RFC 4684) and who asks for it; in GET /inspect/bgp/memberships.</summary>
public sealed record MembershipDocument(string Membership, bool Originated, IReadOnlyList<string> Sources);

public sealed record MembershipsDocument(IReadOnlyList<MembershipDocument> Memberships);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(SummaryDocument))]
[JsonSerializable(typeof(NeighborDocument))]
[JsonSerializable(typeof(AgentsDocument))]
[JsonSerializable(typeof(VrfsDocument))]
[JsonSerializable(typeof(RoutesDocument))]
[JsonSerializable(typeof(MembershipsDocument))]
public sealed partial class InspectionJson : JsonSerializerContext;
