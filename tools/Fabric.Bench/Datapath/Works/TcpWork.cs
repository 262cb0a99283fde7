using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>Bulk TCP.</summary>
internal sealed record TcpWork(string Name, int Streams, bool IsWire) : Work(Name)
{
    public override TestbedPlan Plan { get; } = new(IsWire);

    public override IReadOnlyDictionary<Measure, double> Run(Turn turn)
    {
        var (throughput, processor) = Iperf.Measure(turn.Testbed, Streams, turn.Time, turn.Cancellation);
        return new Dictionary<Measure, double> { [Measure.Throughput] = throughput, [Measure.Processor] = processor };
    }
}
