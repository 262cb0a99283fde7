namespace Fabric.Bench.Runs;

/// <param name="Rest">Between loading and changes: who has just taken a table may still be busy with it, and is not idle.</param>
/// <param name="IdleProbes">Changes one after the other, in quiet. Caches and processors of a shared machine change within a second; a median wants several.</param>
/// <param name="LoadSeconds">How long 20,000 routes a second change.</param>
/// <param name="Limit">The most that one phase of one run may take.</param>
internal sealed record RunPlan(int Routes, TimeSpan Rest, int IdleProbes, int LoadSeconds, TimeSpan Limit)
{
    public const int ProbesPerSecond = 100;

    public int Probes => IdleProbes + (LoadSeconds * ProbesPerSecond);
}
