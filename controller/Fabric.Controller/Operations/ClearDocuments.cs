using System.Text.Json.Serialization;

namespace Fabric.Controller.Operations;

/// <summary>The answer to POST /v1/bgp/neighbors/clear and /v1/bgp/neighbors/NAME/clear.</summary>
public sealed record ClearedDocument(IReadOnlyList<ClearedNeighborDocument> Neighbors);

/// <param name="Mode">"hard", "soft", "soft-in" or "soft-out".</param>
/// <param name="Families">Those whose routes are sent again; of a hard clear none is named.</param>
/// <param name="Refusal">Why nothing was done, in words; null where it was.</param>
public sealed record ClearedNeighborDocument(string Name, string Mode, IReadOnlyList<string> Families, string? Refusal);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower)]
[JsonSerializable(typeof(ClearedDocument))]
internal sealed partial class OperationsJson : JsonSerializerContext;
