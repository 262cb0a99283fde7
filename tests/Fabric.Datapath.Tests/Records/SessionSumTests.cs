using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>Over random traffic, with tables that change, the reports of sessions tell of each packet once.</summary>
public sealed class SessionSumTests
{
    private const int Steps = 6_000;
    private static readonly string[] Local = ["10.1.0.11", "10.1.0.12"];

    [Test]
    public void Each_packet_is_of_one_session_and_each_session_has_one_start_at_most_and_one_end([Values(1, 2, 3, 4, 5, 6, 7, 8)] int seed)
    {
        var random = new Random(seed);
        var host = new Host(flowCapacity: 4096, perVifLimit: 4096);
        host.Recorded(updateSeconds: (uint)random.Next(0, 20));
        var sessions = new Sessions();
        for (var step = 0; step < Steps; step++)
        {
            Send(host, random);
            if (random.Next(10) == 0)
            {
                host.Now += random.Next(2_000);
                host.Reports().ForEach(sessions.Take);
            }

            if (random.Next(500) == 0)
            {
                Change(host, random);
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
    private static void Change(Host host, Random random)
    {
        switch (random.Next(4))
        {
            case 0:
                host.Apply(new Batch { Routes = { Host.Route(1, "10.1.0.12/32", 4, 21) } });
                break;
            case 1:
                host.Apply(new Batch { Routes = { Host.Route(1, "10.1.0.12/32", 2) } });
                break;
            case 2:
                host.Apply(new Batch { Vifs = { Host.Vif(2, 1, "10.1.0.12", Host.Open) } });
                break;
            default:
                host.Apply(new Batch { VifsRemoved = { 2 } });
                break;
        }
    }

    private sealed class Sessions
    {
        private readonly HashSet<ulong> over = [];

        public Dictionary<ulong, FlowReport> Open { get; } = [];

        public long Packets { get; private set; }

        public int Ended => over.Count;

        public void Take(FlowReport report)
        {
            Assert.That(over, Does.Not.Contain(report.Session), "nothing comes behind an end");
            var isKnown = Open.TryGetValue(report.Session, out var last);
            if (isKnown)
            {
                Assert.That(report.Event, Is.Not.EqualTo(FlowReportEvent.Start));
                Assert.That(report.Started, Is.EqualTo(last.Started));
                Assert.That(report.SentPackets, Is.GreaterThanOrEqualTo(last.SentPackets));
                Assert.That(report.ReceivedPackets, Is.GreaterThanOrEqualTo(last.ReceivedPackets));
            }
            else
            {
                Assert.That(report.Event, Is.Not.EqualTo(FlowReportEvent.Update));
            }

            Open[report.Session] = report;
            if (report.Event == FlowReportEvent.End)
            {
                Open.Remove(report.Session);
                over.Add(report.Session);
                Packets += (long)(report.SentPackets + report.ReceivedPackets);
            }
        }
    }
}
