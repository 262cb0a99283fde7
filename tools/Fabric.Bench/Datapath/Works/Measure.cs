namespace Fabric.Bench.Datapath.Works;

/// <summary>Something that is measured, with its unit.</summary>
internal sealed record Measure(string Name, string Format, bool IsLessBetter = false)
{
    public static readonly Measure Throughput = new("throughput, Gbit/s", "0.00");
    public static readonly Measure Processor = new("processor time, s/GB", "0.00", IsLessBetter: true);
    public static readonly Measure Packets = new("packets received, M/s", "0.000");
    public static readonly Measure Median = new("p50, us", "0.0", IsLessBetter: true);
    public static readonly Measure Tail = new("p99, us", "0.0", IsLessBetter: true);
    public static readonly Measure Connections = new("new connections/s", "0");
    public static readonly Measure Flows = new("new flows/s", "0");
    public static readonly Measure Uncounted = new("lost and not counted, share", "0.0000", IsLessBetter: true);
    public static readonly Measure FullCollections = new("gen2 collections", "0", IsLessBetter: true);
    public static readonly Measure SlowPathGrowth = new("slow path, x of 20 rules", "0.00", IsLessBetter: true);
    public static readonly Measure HitPathShare = new("packets/s, x of 20 rules", "0.00");
    public static readonly Measure ManyFlowsShare = new("packets/s, x of 1000 flows", "0.00");
    public static readonly Measure Ageing = new("ageing, share of a core", "0.000", IsLessBetter: true);
    public static readonly Measure FlowMemory = new("memory, B/flow", "0", IsLessBetter: true);
    public static readonly Measure Absence = new("first new connection, ms", "0", IsLessBetter: true);
    public static readonly Measure VictimShare = new("victim's new connections, x of alone", "0.00");
}
