using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>Tables of a large tenant beside small ones: what a new flow costs then, and a packet of a known one.</summary>
internal sealed record TableSizeWork() : Work("acl-size")
{
    private static readonly TestbedPlan s_large = new(FlowPairs: NewFlowWork.FlowPairs, Rules: 10_000, Routes: 10_000, Vrfs: 1000);

    public override TestbedPlan Plan { get; } = new(FlowPairs: NewFlowWork.FlowPairs);

    public override bool IsOursAlone => true;

    public override bool WearsOut => true;

    public override IReadOnlyDictionary<Measure, double> Run(Turn turn)
    {
        var large = turn.Another(s_large);
        var (hit, largeHit) = Both(bed => PacketRate.Of(bed, generators: 1, flowsEach: 1, turn.Time, turn.Cancellation));
        var (miss, largeMiss) = Both(bed =>
            PacketRate.OfNewFlows(bed, NewFlowWork.MostFlows, NewFlowWork.Shorter(turn.Time), turn.Cancellation).PerSecond
        );
        return new Dictionary<Measure, double>
        {
            // Of rates: the cost of a flow is the inverse.
            [Measure.SlowPathGrowth] = miss / largeMiss,
            [Measure.HitPathShare] = largeHit / hit,
            [Measure.Flows] = largeMiss,
        };

        (double Small, double Large) Both(Func<Testbed, double> measure) => (measure(turn.Testbed), measure(large));
    }
}
