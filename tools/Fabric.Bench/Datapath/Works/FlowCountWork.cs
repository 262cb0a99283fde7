using System.Diagnostics;
using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Machine;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>A million flows that live at once beside a thousand: packets a second over all of them in turn, what they cost when nothing is sent, memory.</summary>
internal sealed record FlowCountWork() : Work("flows-1m")
{
    private const int Few = 1000;
    private const int Many = 1_000_000;
    private const double Enough = 0.99;
    private const int EntriesPerFlow = 2;

    public override TestbedPlan Plan { get; } = new(FlowPairs: 1 << 22);

    public override bool IsOursAlone => true;

    public override bool WearsOut => true;

    public override IReadOnlyDictionary<Measure, double> Run(Turn turn)
    {
        var few = PacketRate.Of(turn.Testbed, generators: 1, Few, turn.Time, turn.Cancellation);
        var process = turn.Testbed.Daemons[0].Id;
        var memory = ProcessMemory.Anonymous(process);
        var idle = ProcessorShare(turn);
        Fill(turn);
        var many = PacketRate.Of(turn.Testbed, generators: 1, Many, turn.Time, turn.Cancellation);
        return new Dictionary<Measure, double>
        {
            [Measure.ManyFlowsShare] = many / few,
            [Measure.Ageing] = Math.Max(0, ProcessorShare(turn) - idle),
            // Maps in the kernel have their full size from the beginning, the process's own tables grow as they are used.
            [Measure.FlowMemory] =
                ((ProcessMemory.Anonymous(process) - memory) / (double)Live(turn)) + (ProcessMemory.Maps(process) / (double)Plan.FlowPairs),
        };
    }

    // Again and again until all of them are there; at a rate that is not what is measured.
    private static void Fill(Turn turn)
    {
        const double rate = 60_000;
        const int passes = 8;
        for (var pass = 0; pass < passes; pass++)
        {
            turn.Testbed.VmA.Start(
                    0,
                    () =>
                    {
                        using var flows = new UdpFlows(Place.VmA.Address, Place.VmB.Address, PacketRate.FirstSourcePort, Many);
                        return flows.Send(rate, Many, turn.Cancellation);
                    }
                )
                .GetAwaiter()
                .GetResult();
            turn.Cancellation.ThrowIfCancellationRequested();
            if (Live(turn) >= Many * Enough)
            {
                return;
            }
        }

        throw new BenchException($"of {Many} flows there are {Live(turn)}");
    }

    // A flow that one host lacks is none.
    private static long Live(Turn turn) => turn.Testbed.Metrics().Min(host => host.FlowEntries) / EntriesPerFlow;

    // Host A's data plane while nothing is sent.
    private static double ProcessorShare(Turn turn)
    {
        var before = turn.Testbed.Daemons[0].CpuSeconds;
        var start = Stopwatch.GetTimestamp();
        turn.Cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(2));
        return (turn.Testbed.Daemons[0].CpuSeconds - before) / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
