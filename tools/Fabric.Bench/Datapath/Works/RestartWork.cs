using System.Diagnostics;
using Fabric.Bench.Datapath.Machine;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Works;

/// <summary>
/// Host A's data plane is killed and started again at once, and told its tables by its agent: the time from the kill until a machine has a
/// connection of a kind that was never there, which no program can make.
/// </summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="IsBusy">Machines keep both processors busy meanwhile.</param>
internal sealed record RestartWork(string Name, bool IsBusy) : Work(Name)
{
    private const ushort Port = 9100;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public override bool IsOursAlone => true;

    public override bool WearsOut => true;

    public override IReadOnlyDictionary<Measure, double> Run(Turn turn)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(turn.Cancellation);
        using var listener = turn.Testbed.VmB.Enter(Listen);
        Task<int>[] others = IsBusy
            ? [turn.Testbed.VmA.Start(0, () => Spin(end.Token)), turn.Testbed.VmB.Start(1, () => Spin(end.Token))]
            : [];
        try
        {
            var killed = Stopwatch.GetTimestamp();
            turn.Testbed.Kill();
            var client = turn.Testbed.VmA.Start(null, () => Connect(killed, turn.Cancellation));
            turn.Testbed.Restart(turn.Cancellation);
            return new Dictionary<Measure, double> { [Measure.Absence] = client.GetAwaiter().GetResult().TotalMilliseconds };
        }
        finally
        {
            end.Cancel();
            Task.WaitAll(others);
        }
    }

    // Nobody need accept what comes.
    private static NativeSocket Listen()
    {
        var listener = NativeSocket.Tcp();
        listener.Bind(0, Port);
        listener.Listen();
        return listener;
    }

    private static TimeSpan Connect(long killed, CancellationToken stop)
    {
        while (Stopwatch.GetElapsedTime(killed) is var elapsed && elapsed < s_patience && !stop.IsCancellationRequested)
        {
            using var socket = NativeSocket.Tcp();
            if (socket.TryConnect(Place.VmB.Address, Port))
            {
                return Stopwatch.GetElapsedTime(killed);
            }
        }

        throw new BenchException($"no new connection within {s_patience.TotalSeconds} s of the data plane's end");
    }

    private static int Spin(CancellationToken stop)
    {
        var turns = 0;
        while (!stop.IsCancellationRequested)
        {
            turns++;
        }

        return turns;
    }
}
