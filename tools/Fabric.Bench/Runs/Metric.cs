namespace Fabric.Bench.Runs;

/// <summary>What is measured; less is better in all of them.</summary>
internal enum Metric
{
    Converge,
    LateJoin,
    Withdraw,
    IdleMedian,
    IdleTail,
    LoadMedian,
    LoadTail,
    Cpu,
    ToolCpu,
    PeakMemory,
    BytesPerRoute,
    FullCollections,
    Items,
    Growth,
    RoutesPerUpdate,
    Repeated,
    Echoed,
    Lost,
}
