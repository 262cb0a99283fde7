using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>Two workers, each with a pipeline of its own over the same flows (docs/decisions/0016).</summary>
public sealed class WorkerTests
{
    [Test]
    public void A_connection_that_one_worker_set_up_goes_on_by_the_other()
    {
        var (first, second) = Host.TwoWorkers();
        first.FromVif(1, Golden.SynToNeighbour80);
        Assert.That(second.FromVif(2, Golden.SynAckFromNeighbour80).Vifs, Has.Count.EqualTo(1));
        Assert.That(second.FromVif(1, Golden.AckToNeighbour80).Vifs, Has.Count.EqualTo(1));
        Assert.That(first.Pipeline.Flows.Count, Is.EqualTo(2));
        Assert.That(
            (first.Flow("10.1.0.11", "10.1.0.12", 80)!.Packets, second.Flow("10.1.0.12", "10.1.0.11", 5000)!.Packets),
            Is.EqualTo((2L, 1L))
        );
    }

    [Test]
    public void What_a_worker_stores_that_is_behind_does_not_hold()
    {
        var (first, second) = Host.TwoWorkers();
        first.Apply(Closed());
        Assert.That(second.FromVif(1, Golden.UdpToNeighbour).Vifs, Has.Count.EqualTo(1), "as its tables are");
        var flow = second.Flow("10.1.0.11", "10.1.0.12", 53)!;
        Assert.That(second.Pipeline.Flows.IsCurrent(flow.Index), Is.False);
        Assert.That(first.FromVif(1, Golden.UdpToNeighbour).Count, Is.Zero);
        Assert.That(first.Dropped(DropReason.SecurityGroupEgress), Is.EqualTo(1));
    }

    [Test]
    public void What_a_worker_stored_that_is_ahead_stays_and_the_other_forwards_by_its_own_tables()
    {
        var (first, second) = Host.TwoWorkers();
        second.FromVif(1, Golden.UdpToNeighbour);
        var moved = new Batch { NextHops = { Host.Tunnel(6, "192.0.2.9") }, Routes = { Host.Route(1, "10.1.0.12/32", 6, 33) } };
        first.Apply(moved);
        Assert.That(first.FromVif(1, Golden.UdpToNeighbour).Uplink, Has.Count.EqualTo(1));
        var stored = first.Flow("10.1.0.11", "10.1.0.12", 53)!;

        Assert.That(second.FromVif(1, Golden.UdpToNeighbour).Vifs, Has.Count.EqualTo(1), "it knows nothing of the next hop");
        var after = first.Flow("10.1.0.11", "10.1.0.12", 53)!;
        Assert.That((after.NextHop, after.Label, after.Packets), Is.EqualTo((6u, 33u, stored.Packets + 1)));
        Assert.That(first.Pipeline.Flows.IsCurrent(after.Index));

        second.Apply(moved);
        Assert.That(second.FromVif(1, Golden.UdpToNeighbour).Uplink, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_wide_pair_of_a_worker_that_is_ahead_makes_no_connections_at_the_other()
    {
        var (first, second) = Host.TwoWorkers();
        var moved = new Batch { NextHops = { Host.Tunnel(6, "192.0.2.9") }, Routes = { Host.Route(1, "10.1.0.12/32", 6, 33) } };
        first.Apply(moved);
        Assert.That(Open(first, 1) + Open(first, 2) + Open(first, 3), Is.EqualTo(3));
        Assert.That(first.Output.Uplink, Has.Count.EqualTo(1));
        Assert.That(Open(second, 4), Is.EqualTo(1));
        Assert.That(second.Output.Vifs, Has.Count.EqualTo(1), "by its own tables");
    }

    [Test]
    public void The_second_connection_of_a_kind_makes_a_wide_pair_whichever_workers_have_them()
    {
        var (first, second) = Host.TwoWorkers();
        Open(first, 1);
        Open(second, 2);
        Assert.That(first.Inspector.Flows(first.Now).Count(f => f.IsWide), Is.EqualTo(2));
    }

    [Test]
    public void New_flows_in_a_second_are_those_of_all_workers()
    {
        var (first, second) = Host.TwoWorkers(options: new PipelineOptions { MissesPerSecond = 100 });
        var passed = Enumerable.Range(1, 100).Sum(i => Open(i % 2 == 0 ? first : second, (ushort)i));
        Assert.That((passed, first.Dropped(DropReason.MissRateOfVif)), Is.EqualTo((64, 36L)));
    }

    [Test]
    public void Icmp_errors_in_a_second_are_those_of_all_workers()
    {
        var (first, second) = Host.TwoWorkers(options: new PipelineOptions { IcmpErrorsPerSecond = 3 });
        var sent = Enumerable.Range(0, 8).Sum(i => (i % 2 == 0 ? first : second).FromVif(1, Golden.PingWithLastHop).Count);
        Assert.That(sent, Is.EqualTo(3));
    }

    [Test]
    public void A_session_that_another_worker_ends_is_reported_once_with_both_directions()
    {
        var (first, second) = Host.TwoWorkers();
        first.Recorded();
        first.FromVif(1, Golden.SynToNeighbour80);
        second.FromVif(2, Golden.SynAckFromNeighbour80);
        first.Reports();
        second.FromVif(1, Golden.FinToNeighbour80);
        second.FromVif(2, Golden.FinFromNeighbour80);
        second.FromVif(1, Golden.SynToNeighbour80);
        Assert.That(
            first.Reports().Select(r => r.Line()),
            Is.EqualTo(new[] { "End 10.1.0.11:5000 10.1.0.12:80 2/80 2/80", "Start 10.1.0.11:5000 10.1.0.12:80 1/40 0/0" })
        );
    }

    [Test]
    public void Drops_of_all_workers_are_counted_and_described()
    {
        var (first, second) = Host.TwoWorkers();
        first.Recorded();
        first.FromVif(1, Golden.Spoofed);
        second.FromVif(1, Golden.SpoofedMac);
        Assert.That((first.Dropped(DropReason.SpoofedSourceAddress), first.Dropped(DropReason.SpoofedSourceMac)), Is.EqualTo((1L, 1L)));
        Assert.That(second.Inspector.RecentDrops().Select(d => d.Reason), Is.EqualTo(new[] { DropReason.SpoofedSourceMac }));
        first.Now += 1_000;
        first.Reports();
        Assert.That(first.Pipeline.Records.Drops.Reports, Has.All.Matches<DropReport>(drop => drop?.Header is { IsEmpty: false }));
        Assert.That(first.Pipeline.Records.Drops.Reports, Has.Count.EqualTo(2));
    }

    [Test]
    public void Counters_of_an_interface_are_the_sums_of_all_workers_and_begin_with_it_once()
    {
        var (first, second) = Host.TwoWorkers();
        first.FromVif(1, Golden.UdpToNeighbour);
        second.FromVif(1, Golden.UdpToNeighbour);
        Assert.That(first.Pipeline.Tables.Vif(1)!.Statistics.Total.ReceivedPackets, Is.EqualTo(2));

        var added = new Batch { Vifs = { Host.Vif(4, 1, "10.1.0.14") } };
        first.Apply(added);
        first.FromVif(4, Golden.UdpToNeighbour);
        second.Apply(added);
        Assert.That(second.Pipeline.Tables.Vif(4)!.Statistics.Total.ReceivedPackets, Is.EqualTo(1));
    }

    private static int Open(Host host, ushort source) => host.FromVif(1, Datagram.Frame("10.1.0.11", "10.1.0.12", source, 7000)).Count;

    private static Batch Closed() => new() { AccessLists = { Host.Group(Host.Open, "open", Host.Allow("in", Direction.Ingress)) } };
}
