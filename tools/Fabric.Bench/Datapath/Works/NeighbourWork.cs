using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>
/// A machine beside the victim, on the other processor, offers ten times the new flows a second that a machine may have set up: what is left
/// of the victim's rate of new connections.
/// </summary>
internal sealed record NeighbourWork(int MissRate) : Work("noisy")
{
    private const int Excess = 10;
    private const ushort SourcePort = 5000;

    public override TestbedPlan Plan { get; } = new(HasNeighbour: true, MissRate: MissRate);

    public override bool IsOursAlone => true;

    public override bool WearsOut => true;

    public override IReadOnlyDictionary<Measure, double> Run(Turn turn)
    {
        _ = new UdpSink(turn.Testbed.VmB);
        return Victim.Beside(turn, stop => turn.Testbed.VmC!.Start(1, () => Offer(turn.Time, stop)));
    }

    private long Offer(TimeSpan time, CancellationToken stop)
    {
        // Enough for the whole time: none comes twice.
        var count = (int)(MissRate * Excess * (time.TotalSeconds + 1));
        using var flows = new UdpFlows(Place.VmC.Address, Place.VmB.Address, SourcePort, count);
        return flows.Send(MissRate * Excess, flows.Count, stop);
    }
}
