namespace Fabric.Agent.Core;

/// <summary>Which sessions the data plane is asked to report.</summary>
/// <param name="UpdateSeconds">After so long a session that goes on is reported again; 0: never.</param>
/// <param name="Sampling">Of allowed sessions one in so many is reported, of denied ones all.</param>
/// <param name="Starts">Whether starts of allowed sessions are reported.</param>
public sealed record FlowReporting(uint UpdateSeconds, uint Sampling, bool Starts);
