using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>
/// Over random traffic, with tables that change, the reports of sessions tell of each packet once; also where two workers meet in the same flows, of
/// which one hears of changes later.
/// </summary>
public sealed class SessionSumTests
{
    private const int Steps = 6_000;
    private static readonly string[] Local = ["10.1.0.11", "10.1.0.12"];

    [Test]
    public void Each_packet_is_of_one_session_and_each_session_has_one_start_at_most_and_one_end(
        [Values(1, 2, 3, 4, 5, 6, 7, 8)] int seed,
        [Values] bool isAlone
    )
    {
        var random = new Random(seed);
        var (host, other) = Host.TwoWorkers(flowCapacity: 4096);
        host.Recorded(updateSeconds: (uint)random.Next(0, 20));
        var sessions = new SessionSums();
        var behind = new Queue<Batch>();
        for (var step = 0; step < Steps; step++)
        {
            other.Now = host.Now;
            Send(isAlone || random.Next(2) == 0 ? host : other, random);
            if (random.Next(20) == 0 && behind.TryDequeue(out var late))
            {
                other.Apply(late);
            }

            if (random.Next(10) == 0)
            {
                host.Now += random.Next(2_000);
                host.Reports().ForEach(sessions.Take);
            }

            if (random.Next(500) == 0)
            {
                behind.Enqueue(Change(host, random));
            }

            if (random.Next(2_000) == 0)
            {
                host.Now += 100_000;
            }
        }

        host.Now += 200_000;
        host.Reports().ForEach(sessions.Take);
        host.Reports().ForEach(sessions.Take);
        Assert.That(host.Inspector.Flows(host.Now), Is.Empty);
        Assert.That(sessions.Open, Is.Empty);
        Assert.That(sessions.Packets, Is.EqualTo(Steps - host.Dropped(DropReason.UnknownVif)));
        Assert.That(sessions.Ended, Is.GreaterThan(100), "or nothing was tried");
    }

    // Killed at any moment, after its agent took what was reported; the next one gets a snapshot, and packets come before that and before its agent wants records.
    [Test]
    public void So_it_is_over_restarts([Values(1, 2, 3, 4, 5, 6, 7, 8)] int seed)
    {
        var random = new Random(seed);
        var host = new Host(flowCapacity: 4096, perVifLimit: 4096).Recorded(updateSeconds: 1);
        var sessions = new SessionSums { MissesStarts = true };
        var (packets, restarts) = (0L, 0);
        for (var step = 0; step < Steps; step++)
        {
            Send(host, random);
            packets++;
            if (random.Next(10) == 0)
            {
                host.Now += random.Next(2_000);
                host.Reports().ForEach(sessions.Take);
            }

            if (random.Next(300) == 0)
            {
                host = new Host(host.Memory, perVifLimit: 4096) { Now = host.Now + random.Next(1, 10_000) };
                host.Apply(Host.Snapshot());
                Send(host, random);
                packets++;
                host.Recorded(updateSeconds: 1);
                restarts++;
            }
        }

        host.Now += 200_000;
        host.Reports().ForEach(sessions.Take);
        host.Reports().ForEach(sessions.Take);
        Assert.That(host.Inspector.Flows(host.Now), Is.Empty);
        Assert.That((sessions.Open.Count, sessions.Packets), Is.EqualTo((0, packets)));
        Assert.That(restarts, Is.GreaterThan(5), "or nothing was tried");
    }

    // Frames of few flows, so that they meet again. Each meets one, unless its interface is gone.
    private static void Send(Host host, Random random)
    {
        var (from, to) = (random.Next(2), random.Next(4));
        var source = Local[from];
        var destination = to < 2 ? Local[1 - from] : "10.1.0.21";
        var (sourcePort, port) = ((ushort)random.Next(1, 12), (ushort)random.Next(1, 12));
        if (random.Next(3) == 0)
        {
            host.FromUplink(Datagram.FromUnderlay("10.1.0.21", "10.1.0.11", sourcePort, port));
        }
        else
        {
            host.FromVif((uint)from + 1, Datagram.Frame(source, destination, sourcePort, port));
        }
    }

    // 10.1.0.12 goes to another host and comes back; its policy is put on and taken away, and so is a machine.
    private static Batch Change(Host host, Random random)
    {
        var batch = random.Next(4) switch
        {
            0 => new Batch { Routes = { Host.Route(1, "10.1.0.12/32", 4, 21) } },
            1 => new Batch { Routes = { Host.Route(1, "10.1.0.12/32", 2) } },
            2 => new Batch { Vifs = { Host.Vif(2, 1, "10.1.0.12", Host.Open) } },
            _ => new Batch { VifsRemoved = { 2 } },
        };
        host.Apply(batch);
        return batch;
    }
}
