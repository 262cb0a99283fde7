using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>What an agent is told of sessions.</summary>
public sealed class SessionReportTests
{
    [Test]
    public void A_connection_is_reported_when_it_starts_goes_on_and_ends()
    {
        var host = new Host().Recorded(updateSeconds: 60);
        host.FromVif(1, Golden.SynToNeighbour80);
        host.Now += 50;
        Assert.That(host.Reports().Select(r => r.Line()), Is.EqualTo(new[] { "Start 10.1.0.11:5000 10.1.0.12:80 1/40 0/0" }));

        host.FromVif(2, Golden.SynAckFromNeighbour80);
        host.FromVif(1, Golden.AckToNeighbour80);
        Assert.That(host.Reports(), Is.Empty, "it was reported not long ago");
        host.Now += 60_000;
        Assert.That(host.Reports().Select(r => r.Line()), Is.EqualTo(new[] { "Update 10.1.0.11:5000 10.1.0.12:80 2/80 1/40" }));
        host.Now += 60_000;
        Assert.That(host.Reports(), Is.Empty, "no packet came since");

        host.Now += 60_000;
        Assert.That(host.Reports().Select(r => r.Line()), Is.EqualTo(new[] { "End 10.1.0.11:5000 10.1.0.12:80 2/80 1/40" }));
    }

    [Test]
    public void All_reports_of_a_session_have_its_number_and_start_and_a_later_one_in_its_slot_has_others()
    {
        var host = new Host(flowCapacity: 2).Recorded(updateSeconds: 1);
        host.FromVif(1, Golden.UdpToNeighbour);
        var reports = host.Reports();
        host.Now += 1_500;
        host.FromVif(1, Golden.UdpToNeighbour);
        reports.AddRange(host.Reports());
        host.Now += 180_000;
        reports.AddRange(host.Reports());
        Assert.That(
            reports.Select(r => (r.Event, r.Started - RecordedHost.Epoch, r.Time - r.Started)),
            Is.EqualTo(
                new[]
                {
                    (FlowReportEvent.Start, 1_000_000L, 0L),
                    (FlowReportEvent.Update, 1_000_000L, 1_500_000L),
                    (FlowReportEvent.End, 1_000_000L, 181_500_000L),
                }
            )
        );

        host.Now += 1_000;
        host.FromVif(1, Golden.UdpToNeighbour);
        reports.AddRange(host.Reports());
        Assert.That(reports.Select(r => r.Session).Distinct().ToList(), Has.Count.EqualTo(2));
        Assert.That(reports[3].Session, Is.Not.EqualTo(reports[0].Session));
    }

    [Test]
    public void A_session_that_begins_in_the_slot_of_another_at_once_has_another_number()
    {
        var host = new Host().Recorded();
        host.FromVif(1, Golden.UdpToNeighbour);
        // The machine moves: answers come from elsewhere, and what was counted so far is a session that is over.
        host.Apply(new Batch { NextHops = { Host.Tunnel(6, "192.0.2.9") }, Routes = { Host.Route(1, "10.1.0.12/32", 6, 21) } });
        host.FromVif(1, Golden.UdpToNeighbour);
        var reports = host.Reports();
        host.Now += 200_000;
        reports.AddRange(host.Reports());

        Assert.That(
            reports.GroupBy(report => report.Session).Select(session => session.Count(report => report.Event == FlowReportEvent.End)),
            Is.EqualTo(new[] { 1, 1 })
        );
    }

    [Test]
    public void A_session_to_a_remote_host_has_its_network_and_host()
    {
        var host = new Host();
        var route = Host.Route(1, "10.1.0.21/32", 4, 21);
        route.Network = "default:red:far";
        host.Apply(new Batch { Routes = { route } });
        host.Recorded().FromVif(1, Golden.PingToRemote);
        var report = host.Reports().Single();
        Assert.That(
            (report.InitiatorVif, report.ResponderVif, report.Vrf, report.RemoteHost, host.NameOf(report.RemoteNetwork)),
            Is.EqualTo((1u, FlowReport.NoVif, 1u, 0xC0000202u, "default:red:far"))
        );
        Assert.That((report.Protocol, report.InitiatorPort, report.ResponderPort), Is.EqualTo((1, 5, 8)), "identifier and type of ICMP");
    }

    [Test]
    public void A_session_that_a_remote_host_opens_has_its_responder_here()
    {
        var host = new Host().Recorded();
        host.FromUplink(Datagram.FromUnderlay("10.1.0.21", "10.1.0.11", 9, 53));
        var report = host.Reports().Single();
        Assert.That(report.Line(), Is.EqualTo("Start 10.1.0.21:9 10.1.0.11:53 1/36 0/0"));
        Assert.That(
            (report.InitiatorVif, report.ResponderVif, report.Vrf, report.RemoteHost),
            Is.EqualTo((FlowReport.NoVif, 1u, 1u, 0xC0000202u))
        );
    }

    [Test]
    public void A_session_between_two_machines_of_this_host_has_no_remote_end_and_its_rule()
    {
        var host = new Host().Recorded();
        host.FromVif(1, Golden.UdpToNeighbour);
        var report = host.Reports().Single();
        Assert.That(
            (report.InitiatorVif, report.ResponderVif, report.RemoteHost, report.RemoteNetwork, host.NameOf(report.Rule), report.Reason),
            Is.EqualTo((1u, 2u, 0u, 0u, "open/in", 0u))
        );
    }

    [Test]
    public void What_is_denied_is_a_session_with_rule_and_reason()
    {
        var host = new Host().Recorded(sampling: 1_000_000, noStarts: true);
        host.Apply(new Batch { AccessLists = { Host.Group(Host.Open, "open", Host.Allow("out", Direction.Egress)) } });
        host.FromVif(1, Golden.UdpToNeighbour);
        host.FromVif(1, Golden.UdpToNeighbour);
        var start = host.Reports().Single();
        Assert.That(start.Line(), Is.EqualTo("Start 10.1.0.11:4000 10.1.0.12:53 2/72 0/0"));
        Assert.That((start.IsDenied, host.NameOf(start.Reason), start.Sampling), Is.EqualTo((true, "security-group-ingress", 1u)));
        Assert.That((start.InitiatorVif, start.ResponderVif), Is.EqualTo((1u, 2u)));
        host.Now += 30_000;
        Assert.That(host.Reports().Select(r => (r.Event, r.IsDenied)), Is.EqualTo(new[] { (FlowReportEvent.End, true) }));
    }

    [Test]
    public void A_session_that_begins_and_ends_between_two_looks_has_an_end_alone()
    {
        var host = new Host().Recorded();
        host.FromVif(1, Golden.UdpToNeighbour);
        host.Pipeline.Flows.RemoveWithReverse(host.Flow("10.1.0.12", "10.1.0.11", 4000)!.Index, host.Now);
        Assert.That(host.Reports().Select(r => r.Line()), Is.EqualTo(new[] { "End 10.1.0.11:4000 10.1.0.12:53 1/36 0/0" }));
    }

    [Test]
    public void Both_directions_are_in_the_end_whichever_is_removed([Values] bool isInitiator, [Values] bool isAlone)
    {
        var host = new Host().Recorded();
        host.FromVif(1, Golden.SynToNeighbour80);
        host.FromVif(2, Golden.SynAckFromNeighbour80);
        host.Reports();
        var flow = isInitiator ? host.Flow("10.1.0.11", "10.1.0.12", 80)! : host.Flow("10.1.0.12", "10.1.0.11", 5000)!;
        if (isAlone)
        {
            host.Pipeline.Flows.Remove(flow.Index, host.Now);
        }
        else
        {
            host.Pipeline.Flows.RemoveWithReverse(flow.Index, host.Now);
        }

        Assert.That(host.Pipeline.Records.Reports.Oldest[0].Line(), Is.EqualTo("End 10.1.0.11:5000 10.1.0.12:80 1/40 1/40"));
        Assert.That(host.Pipeline.Records.Reports.Count, Is.EqualTo(1));
    }

    // 10.1.0.12 moves from this host to another: its answers come under another key from then on.
    [Test]
    public void A_session_whose_other_end_moves_ends_and_begins_anew()
    {
        var host = new Host().Recorded();
        host.FromVif(1, Golden.UdpToNeighbour);
        host.Reports();
        host.Now += 100;
        host.Apply(new Batch { Routes = { Host.Route(1, "10.1.0.12/32", 4, 21) } });
        host.FromVif(1, Golden.UdpToNeighbour);
        Assert.That(
            host.Reports().Select(r => (r.Line(), r.ResponderVif)),
            Is.EqualTo(
                new[] { ("End 10.1.0.11:4000 10.1.0.12:53 1/36 0/0", 2u), ("Start 10.1.0.11:4000 10.1.0.12:53 1/36 0/0", FlowReport.NoVif) }
            )
        );
    }

    [Test]
    public void Wide_entries_are_no_sessions()
    {
        var host = new Host().Recorded();
        for (ushort source = 1; source <= 4; source++)
        {
            host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.12", source, 53));
        }

        Assert.That(host.Inspector.Flows(host.Now).Count(f => f.IsWide), Is.EqualTo(2));
        Assert.That(host.Reports().Select(r => r.InitiatorPort), Is.EqualTo(new[] { 1, 2, 3, 4 }));
        host.Now += 180_000;
        Assert.That(host.Reports().Count(r => r.Event == FlowReportEvent.End), Is.EqualTo(4));
    }

    [Test]
    public void What_no_policy_applies_to_is_reported_as_blocks_of_addresses()
    {
        var host = new Host();
        host.Apply(new Batch { Vifs = { Host.Vif(1, 1, "10.1.0.11") } });
        host.Recorded().FromVif(1, Golden.PingToRemote);
        Assert.That(
            host.Reports().Select(r => (r.Line(), r.Protocol)),
            Is.EqualTo(new[] { ("Start 10.1.0.11:0 10.1.0.21:0 1/36 0/0", (byte)0), ("Start 10.1.0.21:0 0.0.0.0/0 0/0 0/0", (byte)0) })
        );
    }

    [Test]
    public void A_machine_that_goes_away_ends_its_sessions()
    {
        var host = new Host().Recorded();
        host.FromVif(1, Golden.UdpToNeighbour);
        host.Reports();
        host.Apply(new Batch { VifsRemoved = { 1 } });
        Assert.That(host.Reports().Select(r => r.Line()), Is.EqualTo(new[] { "End 10.1.0.11:4000 10.1.0.12:53 1/36 0/0" }));
    }

    [Test]
    public void Sessions_taken_over_have_no_second_start_and_keep_their_number()
    {
        var old = new Host().Recorded();
        old.FromVif(1, Golden.UdpToNeighbour);
        var started = old.Reports().Single();
        var host = new Host(old.Memory) { Now = 5_000 };
        host.Recorded();
        host.Apply(Host.Snapshot());
        Assert.That(host.Reports(), Is.Empty);

        host.Now += 180_000;
        var ended = host.Reports().Single();
        Assert.That((ended.Event, ended.Session, ended.Started), Is.EqualTo((FlowReportEvent.End, started.Session, started.Started)));
    }

    [Test]
    public void Nothing_is_recorded_before_an_agent_asked()
    {
        var host = new Host();
        host.FromVif(1, Golden.UdpToNeighbour);
        host.Now += 180_000;
        Assert.That((host.Reports().Count, host.Pipeline.Records.IsOn), Is.EqualTo((0, false)));
    }

    [Test]
    public void Of_allowed_sessions_one_in_so_many_is_reported_from_start_to_end()
    {
        var host = new Host(flowCapacity: 65_536, perVifLimit: 65_536).Recorded(sampling: 10);
        for (var source = 1; source <= 10_000; source++)
        {
            host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.12", (ushort)source, 53));
        }

        var starts = new List<FlowReport>();
        while (starts.Count == 0 || host.Pipeline.Records.Reports.Count > 0)
        {
            starts.AddRange(host.Reports());
            host.Pipeline.Age(host.Now);
        }

        host.Now += 180_000;
        List<FlowReport> ends = [];
        for (var i = 0; i < 100; i++)
        {
            ends.AddRange(host.Reports());
        }

        Assert.That(starts.Count, Is.InRange(800, 1_200));
        Assert.That(starts.Select(r => r.Sampling).Distinct(), Is.EqualTo(new[] { 10u }));
        Assert.That(ends.Select(r => r.Session), Is.EquivalentTo(starts.Select(r => r.Session)));
    }

    [Test]
    public void Starts_of_allowed_sessions_can_be_left_out()
    {
        var host = new Host().Recorded(noStarts: true);
        host.FromVif(1, Golden.UdpToNeighbour);
        Assert.That(host.Reports(), Is.Empty);
        host.Now += 180_000;
        Assert.That(host.Reports().Select(r => r.Event), Is.EqualTo(new[] { FlowReportEvent.End }));
    }

    [Test]
    public void Updates_can_be_left_out()
    {
        var host = new Host().Recorded(updateSeconds: 0);
        host.FromVif(1, Golden.UdpToNeighbour);
        host.Reports();
        host.Now += 100_000;
        host.FromVif(1, Golden.UdpToNeighbour);
        Assert.That(host.Reports(), Is.Empty);
    }

    [Test]
    public void Nothing_is_allocated_for_a_report()
    {
        var host = new Host(flowCapacity: 4_096, perVifLimit: 4_096).Recorded();
        var frames = Enumerable.Range(1, 1_000).Select(source => Datagram.Frame("10.1.0.11", "10.1.0.12", (ushort)source, 53)).ToList();
        Assert.That(RunSessions(), Is.Not.Zero, "the buffer, and the first of what has a name");
        Assert.That(RunSessions(), Is.LessThan(1_000), "2,000 reports cost nothing each; the second that went by has a list");

        long RunSessions()
        {
            frames.ForEach(frame => host.FromVif(1, frame));
            var before = GC.GetAllocatedBytesForCurrentThread();
            host.Pipeline.Age(host.Now);
            host.Now += 200_000;
            host.Pipeline.Age(host.Now);
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.That(host.Reports(), Has.Count.EqualTo(2_000));
            host.Now += 1_000;
            return allocated;
        }
    }
}
