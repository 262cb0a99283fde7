using Fabric.Bench.Runs;

namespace Fabric.Bench.Report;

/// <summary>Names and units of the metrics, as the table and the JSON rows have them.</summary>
internal static class MetricText
{
    public static readonly IReadOnlyList<(Metric Metric, string Name, string Heading, string Format)> All =
    [
        (Metric.Converge, "convergence, s", "converge s", "0.000"),
        (Metric.LateJoin, "late join, s", "late join s", "0.000"),
        (Metric.Withdraw, "withdraw, s", "withdraw s", "0.000"),
        (Metric.IdleMedian, "one change idle p50, ms", "idle p50 ms", "0.00"),
        (Metric.IdleTail, "one change idle p99, ms", "idle p99 ms", "0.00"),
        (Metric.LoadMedian, "one change under load p50, ms", "load p50 ms", "0.00"),
        (Metric.LoadTail, "one change under load p99, ms", "load p99 ms", "0.00"),
        (Metric.Cpu, "CPU of convergence, s", "CPU s", "0.00"),
        (Metric.ToolCpu, "CPU of the load tool, s", "tool CPU s", "0.00"),
        (Metric.PeakMemory, "peak RSS, MB", "peak MB", "0"),
        (Metric.BytesPerRoute, "memory, bytes a route", "B/route", "0"),
        (Metric.FullCollections, "gen2 collections", "gen2", "0"),
        (Metric.Items, "items for agents", "items", "0"),
        (Metric.Growth, "growth of convergence, x linear", "x linear", "0.00"),
        (Metric.RoutesPerUpdate, "routes an UPDATE", "NLRI/UPDATE", "0.0"),
        (Metric.Repeated, "routes told again", "repeated", "0"),
        (Metric.Echoed, "routes told to their sender", "echoed", "0"),
        (Metric.Lost, "changes lost under load", "lost", "0"),
    ];

    public static string NameOf(Metric metric) => All.Single(entry => entry.Metric == metric).Name;
}
