using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>
/// Somebody in the underlay, on the other processor, floods the victim's host with tunnel packets to the machine beside it and to nobody, ten times
/// as many a second as a machine may have set up: what is left of the victim's rate of new connections.
/// </summary>
internal sealed record UnderlayWork(int MissRate) : Work("noisy-underlay")
{
    private const int Excess = 10;

    public override TestbedPlan Plan { get; } = new(HasNeighbour: true, MissRate: MissRate);

    public override bool IsOursAlone => true;

    public override bool WearsOut => true;

    public override IReadOnlyDictionary<Measure, double> Run(Turn turn)
    {
        _ = new UdpSink(turn.Testbed.VmC!);
        return Victim.Beside(turn, stop => turn.Testbed.HostB.Start(1, () => Offer(stop)));
    }

    private long Offer(CancellationToken stop)
    {
        using var flood = new UnderlayFlood();
        return flood.Send(MissRate * Excess, stop);
    }
}
