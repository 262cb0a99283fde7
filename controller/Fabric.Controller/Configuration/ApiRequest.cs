using Fabric.Config;

namespace Fabric.Controller.Configuration;

/// <summary>What a caller of the API wanted, and what became of it.</summary>
/// <param name="Caller">"uid 1000" of a unix socket's far end, or "local".</param>
internal sealed record ApiRequest(string Caller, IReadOnlyList<ConfigEdit> Edits, ApplyResult Result);
