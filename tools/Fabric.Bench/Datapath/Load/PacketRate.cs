using System.Diagnostics;
using Fabric.Bench.Datapath.Machine;
using Fabric.Bench.Datapath.Testbeds;

namespace Fabric.Bench.Datapath.Load;

/// <summary>What B receives of A's datagrams.</summary>
internal static class PacketRate
{
    public const ushort FirstSourcePort = 5000;
    private const ushort SourcePortsEach = 500;
    private const int BeforeOthers = -20;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan s_drain = TimeSpan.FromMilliseconds(500);

    /// <summary>Packets a second in the middle of a run, over flows that come again and again.</summary>
    public static double Of(Testbed testbed, int generators, int flowsEach, TimeSpan time, CancellationToken cancellation)
    {
        var sink = new UdpSink(testbed.VmB);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = Enumerable.Range(0, generators).Select(number => Start(testbed, number, flowsEach, end.Token)).ToList();
        try
        {
            return Measure(sink, time, cancellation);
        }
        finally
        {
            end.Cancel();
            Task.WhenAll(running).GetAwaiter().GetResult();
        }
    }

    /// <summary>
    /// Packets a second that arrive of one flow that is offered at a rate. The generator goes before all other programs of its processor, as packets of a
    /// network card would: its thread is where veth pairs forward.
    /// </summary>
    public static double At(Testbed testbed, double rate, TimeSpan time, CancellationToken cancellation)
    {
        var sink = new UdpSink(testbed.VmB);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var running = testbed.VmA.Start(
            processor: null,
            () =>
            {
                _ = Libc.SetPriority(0, 0, BeforeOthers);
                using var load = new UdpFlows(Place.VmA.Address, Place.VmB.Address, FirstSourcePort, flows: 1);
                return load.Send(rate, long.MaxValue, end.Token);
            }
        );
        try
        {
            return Measure(sink, time, cancellation);
        }
        finally
        {
            end.Cancel();
            running.GetAwaiter().GetResult();
        }
    }

    /// <summary>Flows a second of those that B sees for the first time: each datagram is a flow's only one.</summary>
    /// <param name="mostFlows">Offered at most.</param>
    public static NewFlowFigures OfNewFlows(Testbed testbed, int mostFlows, TimeSpan time, CancellationToken cancellation)
    {
        var sink = new UdpSink(testbed.VmB);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var first = sink.Read();
        var start = Stopwatch.GetTimestamp();
        var running = testbed.VmA.Start(
            0,
            () =>
            {
                using var flows = new UdpFlows(Place.VmA.Address, Place.VmB.Address, FirstSourcePort, mostFlows);
                return flows.Send(rate: null, flows.Count, end.Token);
            }
        );
        _ = running.Wait((int)time.TotalMilliseconds, cancellation);
        var last = sink.Read();
        end.Cancel();
        var offered = running.GetAwaiter().GetResult();
        cancellation.ThrowIfCancellationRequested();
        var received = Drained(sink, cancellation) - first.Packets;
        return received > offered
            ? throw new BenchException($"{received} datagrams arrived of {offered}")
            : new NewFlowFigures(
                (last.Packets - first.Packets) / Stopwatch.GetElapsedTime(start, last.Timestamp).TotalSeconds,
                offered,
                received
            );
    }

    private static double Measure(UdpSink sink, TimeSpan time, CancellationToken cancellation)
    {
        cancellation.WaitHandle.WaitOne(s_warmUp);
        var first = sink.Read();
        cancellation.WaitHandle.WaitOne(time);
        var last = sink.Read();
        cancellation.ThrowIfCancellationRequested();
        return (last.Packets - first.Packets) / Stopwatch.GetElapsedTime(first.Timestamp, last.Timestamp).TotalSeconds;
    }

    // What is still in queues comes after the load.
    private static long Drained(UdpSink sink, CancellationToken cancellation)
    {
        long last;
        var now = sink.Read().Packets;
        do
        {
            last = now;
            cancellation.WaitHandle.WaitOne(s_drain);
            now = sink.Read().Packets;
        } while (now > last && !cancellation.IsCancellationRequested);

        return now;
    }

    private static Task<long> Start(Testbed testbed, int number, int flows, CancellationToken stop) =>
        testbed.VmA.Start(
            number,
            () =>
            {
                using var load = new UdpFlows(
                    Place.VmA.Address,
                    Place.VmB.Address,
                    (ushort)(FirstSourcePort + (number * SourcePortsEach)),
                    flows
                );
                return load.Send(rate: null, long.MaxValue, stop);
            }
        );
}
