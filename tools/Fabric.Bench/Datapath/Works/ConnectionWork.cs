using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>New TCP connections: each is set up on both hosts, its rule found.</summary>
internal sealed record ConnectionWork() : Work("tcp-crr")
{
    public override bool WearsOut => true;

    public override IReadOnlyDictionary<Measure, double> Run(Turn turn) =>
        new Dictionary<Measure, double>
        {
            [Measure.Connections] = ConnectionLoad.Measure(
                turn.Testbed.VmA,
                turn.Testbed.VmB,
                Place.VmB.Address,
                load: 0,
                processor: 0,
                turn.Time,
                turn.Cancellation
            ),
        };
}
