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
        var alone = Connections(turn, load: 0);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(turn.Cancellation);
        var neighbour = turn.Testbed.VmC!.Start(1, () => Offer(turn.Time, end.Token));
        double beside;
        try
        {
            beside = Connections(turn, load: 1);
        }
        finally
        {
            end.Cancel();
            neighbour.GetAwaiter().GetResult();
        }

        return new Dictionary<Measure, double> { [Measure.VictimShare] = beside / alone, [Measure.Connections] = beside };
    }

    private static double Connections(Turn turn, int load) =>
        ConnectionLoad.Measure(turn.Testbed.VmA, turn.Testbed.VmB, Place.VmB.Address, load, processor: 0, turn.Time, turn.Cancellation);

    private long Offer(TimeSpan time, CancellationToken stop)
    {
        // Enough for the whole time: none comes twice.
        var count = (int)(MissRate * Excess * (time.TotalSeconds + 1));
        using var flows = new UdpFlows(Place.VmC.Address, Place.VmB.Address, SourcePort, count);
        return flows.Send(MissRate * Excess, flows.Count, stop);
    }
}
