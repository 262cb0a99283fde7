using System.Collections.Concurrent;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>Two workers on two threads change the same flows, while tables change and sessions are reported.</summary>
public sealed class WorkerThreadTests
{
    private const int Packets = 20_000;
    private static readonly string[] Machines = ["10.1.0.11", "10.1.0.12"];

    // Without the lock, or with what is not asked again under it, slots are lost or doubled, sessions end twice, or a thread meets an index of -1.
    [Test]
    public void The_set_of_flows_stays_consistent_and_each_session_ends_once([Values(1, 2, 3)] int seed)
    {
        var (first, second) = Host.TwoWorkers(flowCapacity: 1024);
        first.Recorded(updateSeconds: 1);
        var batches = new ConcurrentQueue<Batch>();
        var sessions = new SessionSums();
        Exception? fault = null;
        // One clock: a worker that runs ahead of the other's would take what that one has just seen for long idle. Between its ticks they run as they will.
        using var clock = new Barrier(
            2,
            _ =>
            {
                // Slots rest for as long; few ports are used again and again.
                first.Now += 100;
                second.Now = first.Now;
            }
        );
        var thread = new Thread(() =>
        {
            try
            {
                Run(second, new Random(seed), clock, _ => TakeBatches(second, batches));
            }
            catch (Exception exception)
            {
                fault = exception;
            }
        });
        thread.Start();
        var random = new Random(-seed);
        Run(
            first,
            random,
            clock,
            step =>
            {
                if (step % 500 == 0)
                {
                    batches.Enqueue(Change(first, random));
                }

                first.Reports().ForEach(sessions.Take);
            }
        );
        thread.Join();
        Assert.That(fault, Is.Null);
        TakeBatches(second, batches);

        var used = first.Memory.Flows.Span.ToArray().Where(flow => flow.InUse).ToList();
        Assert.That(first.Memory.FlowTable.FreeCount + used.Count, Is.EqualTo(first.Memory.Flows.Count));
        Assert.That(Enumerable.Range(1, 3).Sum(vif => first.Pipeline.Flows.CountOf((uint)vif)), Is.EqualTo(used.Count));
        Assert.That(used.Select(flow => flow.Key), Is.Unique);
        first.Now = Math.Max(first.Now, second.Now) + 200_000;
        first.Reports().ForEach(sessions.Take);
        first.Reports().ForEach(sessions.Take);
        Assert.That((first.Pipeline.Flows.Count, sessions.Open.Count), Is.EqualTo((0, 0)));
        Assert.That(new FlowTable(first.Memory, perVifLimit: 1024).Takeover, Is.EqualTo(new FlowTakeover(0, 0, 0, IndexRebuilt: false)));
        Assert.That(sessions.Ended, Is.GreaterThan(1_000), "or nothing was tried");
        TestContext.Out.WriteLine($"{sessions.Ended} sessions, {sessions.Packets} packets of {2 * Packets}");
    }

    private static void Run(Host host, Random random, Barrier clock, Action<int> between)
    {
        try
        {
            for (var step = 1; step <= Packets; step++)
            {
                Send(host, random);
                if (step % 20 == 0)
                {
                    clock.SignalAndWait();
                    between(step);
                }
            }
        }
        finally
        {
            // The other one goes on alone where this one fails.
            clock.RemoveParticipant();
        }
    }

    private static void Send(Host host, Random random)
    {
        var from = random.Next(2);
        var destination = random.Next(3) == 0 ? "10.1.0.21" : Machines[1 - from];
        var (sourcePort, port) = ((ushort)random.Next(1, 20), (ushort)random.Next(1, 4));
        switch (random.Next(4))
        {
            case 0:
                host.FromUplink(Datagram.FromUnderlay("10.1.0.21", "10.1.0.11", sourcePort, port));
                break;
            case 1:
                host.FromVif(1, random.Next(2) == 0 ? Golden.SynToNeighbour80 : Golden.FinToNeighbour80);
                host.FromVif(2, random.Next(2) == 0 ? Golden.SynAckFromNeighbour80 : Golden.FinFromNeighbour80);
                break;
            default:
                host.FromVif((uint)from + 1, Datagram.Frame(Machines[from], destination, sourcePort, port));
                break;
        }
    }

    private static void TakeBatches(Host host, ConcurrentQueue<Batch> batches)
    {
        while (batches.TryDequeue(out var batch))
        {
            host.Pipeline.Tables.Apply(batch);
        }
    }

    private static Batch Change(Host host, Random random)
    {
        var batch = random.Next(5) switch
        {
            0 => new Batch { NextHops = { Host.Tunnel(6, "192.0.2.9") }, Routes = { Host.Route(1, "10.1.0.12/32", 6, 21) } },
            1 => new Batch { Routes = { Host.Route(1, "10.1.0.12/32", 2) } },
            2 => new Batch { Vifs = { Host.Vif(2, 1, "10.1.0.12", Host.Open) } },
            3 => new Batch { Vifs = { Host.Vif(1, 1, "10.1.0.11"), Host.Vif(2, 1, "10.1.0.12") } },
            _ => new Batch { Vifs = { Host.Vif(1, 1, "10.1.0.11", Host.Open) }, VifsRemoved = { 2 } },
        };
        host.Apply(batch);
        return batch;
    }
}
