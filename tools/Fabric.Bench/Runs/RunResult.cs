namespace Fabric.Bench.Runs;

/// <summary>One candidate's figures in one work; what failed is absent, and why is said.</summary>
internal sealed record RunResult(IReadOnlyDictionary<Metric, double> Values, string? Fault);
