using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>Datagrams each of another flow, offered as fast as they go: those that arrive were set up on both hosts.</summary>
internal sealed record NewFlowWork() : Work("udp-newflows")
{
    public const int MostFlows = 1_000_000;

    /// <summary>A quarter of the flow table is one machine's: room for all that can be offered.</summary>
    public const int FlowPairs = 1 << 22;

    // Connection tracking holds 262144 by default: in this time it does not fill.
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(2);

    public override TestbedPlan Plan { get; } = new(FlowPairs: FlowPairs);

    public override bool WearsOut => true;

    public override IReadOnlyDictionary<Measure, double> Run(Turn turn)
    {
        var before = turn.Testbed.Metrics();
        var dropped = turn.Testbed.DeviceDrops();
        var figures = PacketRate.OfNewFlows(turn.Testbed, MostFlows, Shorter(turn.Time), turn.Cancellation);
        var after = turn.Testbed.Metrics();
        var values = new Dictionary<Measure, double> { [Measure.Flows] = figures.PerSecond };
        if (after.Count > 0)
        {
            // Other packets that are lost at the same time, ARP for one, are counted too.
            var counted = Growth(before, after, host => host.Lost) + turn.Testbed.DeviceDrops() - dropped;
            values[Measure.Uncounted] = Math.Max(0.0, figures.Offered - figures.Received - counted) / figures.Offered;
            values[Measure.FullCollections] = Growth(before, after, host => host.FullCollections);
        }

        return values;
    }

    public static TimeSpan Shorter(TimeSpan time) => time < s_most ? time : s_most;

    private static long Growth(
        IReadOnlyList<DatapathMetrics> before,
        IReadOnlyList<DatapathMetrics> after,
        Func<DatapathMetrics, long> of
    ) => after.Sum(of) - before.Sum(of);
}
