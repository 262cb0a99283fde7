using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>
/// Bulk TCP. What it reaches changes twofold from second to second, with any candidate, as the memory that both ends copy through is nearer or
/// farther: so a turn is a second, and there are as many more rounds.
/// </summary>
internal sealed record TcpWork(string Name, int Streams, bool IsWire) : Work(Name)
{
    public override TestbedPlan Plan { get; } = new(IsWire);

    public override (int Rounds, TimeSpan Time) RoundsIn(int rounds, TimeSpan time) =>
        (rounds * Math.Max((int)time.TotalSeconds, 1), TimeSpan.FromSeconds(1));

    public override IReadOnlyDictionary<Measure, double> Run(Turn turn)
    {
        var (throughput, processor) = Iperf.Measure(turn.Testbed, Streams, turn.Time, turn.Cancellation);
        return new Dictionary<Measure, double> { [Measure.Throughput] = throughput, [Measure.Processor] = processor };
    }
}
