using Fabric.Bench.Datapath;
using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Machine;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Streaming;

/// <summary>
/// What forwarding loses while an agent on the same processors makes rows: half of the packets that go at most are offered, first with nothing beside
/// them, then beside rows into the journal, then beside rows to Kafka.
/// </summary>
internal sealed class ForwardingWork : IStreamWork
{
    private const double OfferedShare = 0.5;
    private const double MostLost = 5;

    private static readonly StreamMeasure s_greatest = new("packets, greatest, M/s", "0.000");
    private static readonly StreamMeasure s_alone = new("packets lost, %, nothing beside", "0.00");

    public string Name => "forwarding";

    public IReadOnlyDictionary<StreamMeasure, double> Run(StreamTurn turn)
    {
        using var pool = new TestbedPool(turn.Cancellation);
        var testbed = pool.Rent(Contender.Of(Contender.OursGre, turn.Programs.Datapath), new TestbedPlan());
        var greatest = PacketRate.Of(testbed, generators: 1, flowsEach: 1, turn.Time, turn.Cancellation);
        var rate = OfferedShare * greatest;
        var result = new Dictionary<StreamMeasure, double> { [s_greatest] = greatest / 1e6, [s_alone] = Lost(testbed, rate, turn) };
        foreach (var target in new[] { StreamTarget.Journal, StreamTarget.Kafka })
        {
            Beside(target, testbed, rate, turn, result);
        }

        pool.Check(testbed);
        return result;
    }

    private static void Beside(StreamTarget target, Testbed testbed, double rate, StreamTurn turn, Dictionary<StreamMeasure, double> result)
    {
        StreamMeasure Named(StreamMeasure measure) => measure with { Name = $"{measure.Name}, beside {target.Name}" };
        using var host = new HostUnderTest(turn.Programs, target.UsesKafka, turn.Cancellation);
        var lost = 0.0;
        var datapath = 0.0;
        var softInterrupts = 0.0;
        var load = new RowLoad(host, target, turn.Cancellation);
        load.WarmUp();
        var rows = load.Run(
            target.Offered,
            () =>
            {
                var (before, soft) = (testbed.Daemons.Sum(daemon => daemon.CpuSeconds), ProcessorTime.SoftInterrupts());
                lost = Lost(testbed, rate, turn);
                datapath = testbed.Daemons.Sum(daemon => daemon.CpuSeconds) - before;
                softInterrupts = ProcessorTime.SoftInterrupts() - soft;
            }
        );
        var seconds = turn.Time.TotalSeconds;
        result[new($"packets lost, %, beside {target.Name}", "0.00", MostLost, IsLessBetter: true)] = lost;
        result[new($"rows/s beside packets, {target.Name}", "0", target.Goal)] = rows.Rate;
        result[Named(StreamMeasure.Lost)] = rows.Lost;
        result[Named(StreamMeasure.AgentProcessor)] = rows.Agent;
        result[Named(StreamMeasure.GeneratorProcessor)] = rows.Generator;
        result[Named(StreamMeasure.DatapathProcessor)] = datapath / seconds;
        result[Named(StreamMeasure.SoftInterrupts)] = softInterrupts / seconds;
        if (target.UsesKafka)
        {
            result[Named(StreamMeasure.BrokerProcessor)] = rows.Broker;
        }
    }

    // Of what the rate owes, whether the generator was late or the way dropped it.
    private static double Lost(Testbed testbed, double rate, StreamTurn turn) =>
        100 * (1 - (PacketRate.At(testbed, rate, turn.Time, turn.Cancellation) / rate));
}
