using Fabric.Bench.Datapath.Works;

namespace Fabric.Bench.Datapath.Report;

/// <summary>The goals of every work.</summary>
internal static class Goals
{
    private static readonly string[] s_tunnels = [Contender.OursGre, Contender.OursUdp];

    public static IReadOnlyList<Goal> Of(string work) =>
        work switch
        {
            "tcp1" or "tcp4" =>
            [
                .. Pair(Contender.OursGre, Measure.Throughput, 0.95, 1.1, Contender.Routing),
                new(Contender.OursGre, Measure.Throughput, 1.4, Contender.VxlanFiltered),
                .. Pair(Contender.OursUdp, Measure.Throughput, 0.8, 1.0, Contender.Routing),
                .. Pair(Contender.OursGre, Measure.Processor, 1.1, 0.95, Contender.Routing),
                .. PipelineAlone(Measure.Throughput),
            ],
            "tcp1-wire" or "tcp4-wire" => Tunnels(name => Pair(name, Measure.Throughput, 0.95, 1.1, Contender.Vxlan)),
            "udp60" => [.. Packets(1.05, 1.15), .. PipelineAlone(Measure.Packets)],
            "udp60x2" => [.. Packets(0.95, 1.05), .. PipelineAlone(Measure.Packets)],
            "udp-rr" or "tcp-rr" => Tunnels(name =>
                [.. Pair(name, Measure.Median, 1.05, 0.95, Contender.Routing), new(name, Measure.Tail, 1.0, Contender.Routing)]
            ),
            "tcp-crr" => Tunnels(name =>
                [
                    .. Pair(name, Measure.Connections, 0.95, 1.1, Contender.Routing),
                    new(name, Measure.Connections, 1.6, Contender.VxlanFiltered),
                ]
            ),
            "udp-newflows" => Tunnels(name =>
                [
                    .. Pair(name, Measure.Flows, 1.8, 2.8, Contender.VxlanFiltered),
                    new(name, Measure.Uncounted, 0, null),
                    new(name, Measure.FullCollections, 0, null),
                ]
            ),
            // log2(10000) / log2(20)
            "acl-size" => Tunnels(name => [new(name, Measure.SlowPathGrowth, 3.07, null), new(name, Measure.HitPathShare, 0.95, null)]),
            "flows-1m" => Tunnels(name =>
                [
                    new(name, Measure.ManyFlowsShare, 0.9, null),
                    new(name, Measure.Ageing, 0.05, null),
                    new(name, Measure.FlowMemory, 256, null, IsStretch: true),
                ]
            ),
            "noisy" or "noisy-underlay" => Tunnels(name => Pair(name, Measure.VictimShare, 0.9, 0.97, null)),
            "restart" or "restart-busy" => Tunnels(name => [new(name, Measure.Absence, 1000, null)]),
            _ => [],
        };

    private static IReadOnlyList<Goal> Tunnels(Func<string, IEnumerable<Goal>> goals) => [.. s_tunnels.SelectMany(goals)];

    private static IEnumerable<Goal> Pair(string contender, Measure measure, double must, double stretch, string? peer) =>
        [new(contender, measure, must, peer), new(contender, measure, stretch, peer, IsStretch: true)];

    private static IEnumerable<Goal> Packets(double must, double stretch) =>
        Tunnels(name =>
            [.. Pair(name, Measure.Packets, must, stretch, Contender.Routing), new(name, Measure.Packets, 2.5, Contender.VxlanFiltered)]
        );

    private static IEnumerable<Goal> PipelineAlone(Measure measure) =>
        [.. Pair(Contender.OursPlain, measure, 1.3, 2, Contender.OvsXdp), new(Contender.OursPlain, measure, 3, Contender.Ovs)];
}
