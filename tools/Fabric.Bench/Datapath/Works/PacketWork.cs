using Fabric.Bench.Datapath.Load;

namespace Fabric.Bench.Datapath.Works;

/// <summary>Small datagrams as fast as they go, one flow from each generator, each generator on a processor of its own.</summary>
internal sealed record PacketWork(string Name, int Generators) : Work(Name)
{
    public override IReadOnlyDictionary<Measure, double> Run(Turn turn) =>
        new Dictionary<Measure, double>
        {
            [Measure.Packets] = PacketRate.Of(turn.Testbed, Generators, flowsEach: 1, turn.Time, turn.Cancellation) / 1e6,
        };
}
