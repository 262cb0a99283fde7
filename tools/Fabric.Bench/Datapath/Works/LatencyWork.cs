using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>Request and answer in turn; both ends on one processor, so that a path in the kernel need not wake another.</summary>
internal sealed record LatencyWork(string Name, bool IsTcp) : Work(Name)
{
    private const ushort Port = 9000;
    private const ushort ClientPort = 9001;

    public override IReadOnlyDictionary<Measure, double> Run(Turn turn)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(turn.Cancellation);
        var server = turn.Testbed.VmB.Start(
            0,
            () => IsTcp ? EchoLoad.ServeTcp(Port, end.Token) : EchoLoad.ServeUdp(Place.VmA.Address, ClientPort, Port, end.Token)
        );
        try
        {
            var figures = turn.Testbed.VmA.Start(0, () => Measure(turn)).GetAwaiter().GetResult();
            return new Dictionary<Measure, double> { [Works.Measure.Median] = figures.Median, [Works.Measure.Tail] = figures.Tail };
        }
        finally
        {
            end.Cancel();
            server.GetAwaiter().GetResult();
        }
    }

    private LatencyFigures Measure(Turn turn) =>
        IsTcp
            ? EchoLoad.MeasureTcp(Place.VmB.Address, Port, turn.Time, turn.Cancellation)
            : EchoLoad.MeasureUdp(Place.VmA.Address, ClientPort, Place.VmB.Address, Port, turn.Time, turn.Cancellation);
}
