using System.Text.Json;
using System.Text.Json.Serialization;
using Fabric.Agent.Inspection;
using Fabric.Agent.State;

namespace Fabric.Agent.Http;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(PortDocument))]
[JsonSerializable(typeof(List<PortDocument>))]
[JsonSerializable(typeof(PortsView))]
[JsonSerializable(typeof(VrfsView))]
[JsonSerializable(typeof(RoutesView))]
[JsonSerializable(typeof(AgentStatus))]
[JsonSerializable(typeof(ApiError))]
[JsonSerializable(typeof(Empty))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>Why a request was refused.</summary>
internal sealed record ApiError(string Error);

/// <summary>The port API's success: an empty object.</summary>
internal sealed record Empty
{
    public static Empty Object { get; } = new();
}
