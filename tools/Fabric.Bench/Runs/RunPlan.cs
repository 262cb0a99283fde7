namespace Fabric.Bench.Runs;

/// <param name="IdleProbes">Changes one after the other, in quiet.</param>
/// <param name="LoadSeconds">How long 20,000 routes a second change.</param>
/// <param name="Limit">The most that one phase of one run may take.</param>
internal sealed record RunPlan(int Routes, int IdleProbes, int LoadSeconds, TimeSpan Limit)
{
    public const int ProbesPerSecond = 100;

    public int Probes => IdleProbes + (LoadSeconds * ProbesPerSecond);
}
