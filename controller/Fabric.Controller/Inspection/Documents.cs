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

/// <summary>An agent; in GET /inspect/agents. The VRFs are those that it is in, and those that it asks for but has no port in.</summary>
public sealed record AgentDocument(
    string Name,
    string Address,
    string State,
    bool Restarting,
    IReadOnlyList<string> Vrfs,
    IReadOnlyList<string> WaitingVrfs,
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

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(SummaryDocument))]
[JsonSerializable(typeof(NeighborDetailDocument))]
[JsonSerializable(typeof(AdvertisedRoutesDocument))]
[JsonSerializable(typeof(AgentsDocument))]
[JsonSerializable(typeof(VrfsDocument))]
[JsonSerializable(typeof(RoutesDocument))]
[JsonSerializable(typeof(MembershipsDocument))]
public sealed partial class InspectionJson : JsonSerializerContext;
