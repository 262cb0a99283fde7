using Fabric.Bench.Datapath.Load;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>Machine A while others are floods: what is left of its rate of new connections to B.</summary>
internal static class Victim
{
    /// <param name="turn">Of a testbed with a neighbour.</param>
    /// <param name="flood">Begins; it ends with the token, or by itself.</param>
    public static IReadOnlyDictionary<Measure, double> Beside(Turn turn, Func<CancellationToken, Task> flood)
    {
        var alone = Connections(turn, load: 0);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(turn.Cancellation);
        var flooding = flood(end.Token);
        double beside;
        try
        {
            beside = Connections(turn, load: 1);
        }
        finally
        {
            end.Cancel();
            flooding.GetAwaiter().GetResult();
        }

        return new Dictionary<Measure, double> { [Measure.VictimShare] = beside / alone, [Measure.Connections] = beside };
    }

    private static double Connections(Turn turn, int load) =>
        ConnectionLoad.Measure(turn.Testbed.VmA, turn.Testbed.VmB, Place.VmB.Address, load, processor: 0, turn.Time, turn.Cancellation);
}
