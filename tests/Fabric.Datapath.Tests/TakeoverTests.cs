using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>A pipeline begins with the memory of one that ended at any moment.</summary>
public sealed class TakeoverTests
{
    [Test]
    public void Flows_go_on_with_their_counters_and_get_their_rule_back()
    {
        var old = new Host();
        var web = Host.Group(8, "web", Host.Allow("http", Direction.Ingress, 6, 80));
        old.Apply(new Batch { AccessLists = { web }, Vifs = { Host.Vif(2, 1, "10.1.0.12", 8) } });
        old.FromVif(1, Golden.SynToNeighbour80);

        var host = new Host(old.Memory);
        Assert.That(host.Pipeline.Flows.Takeover, Is.EqualTo(new FlowTakeover(Kept: 2, Dropped: 0, LinksCut: 0, IndexRebuilt: false)));
        Assert.That(host.Pipeline.Flows.CountOf(1), Is.EqualTo(1));

        var snapshot = Host.Snapshot();
        snapshot.AccessLists.Add(web);
        snapshot.Vifs[1] = Host.Vif(2, 1, "10.1.0.12", 8);
        host.Apply(snapshot);
        Assert.That(host.FromVif(1, Golden.AckToNeighbour80).Vifs, Has.Count.EqualTo(1));
        var flow = host.Flow("10.1.0.11", "10.1.0.12", 80)!;
        Assert.That((flow.Packets, flow.Rule, host.Pipeline.Flows.Count), Is.EqualTo((2L, "web/http", 2)));
    }

    [Test]
    public void Until_the_first_snapshot_is_whole_flows_stay_valid_and_are_not_removed()
    {
        var old = new Host();
        old.FromVif(1, Golden.UdpToNeighbour);
        var host = new Host(old.Memory);
        var half = Host.Snapshot();
        half.EndSnapshot = false;

        host.Apply(half);
        host.Pipeline.Age(host.Now);
        var index = host.Flow("10.1.0.11", "10.1.0.12", 53)!.Index;
        Assert.That((host.Pipeline.Tables.AwaitsSnapshot, host.Pipeline.Flows.IsCurrent(index)), Is.EqualTo((true, true)));

        host.Apply(new Batch { EndSnapshot = true });
        Assert.That((host.Pipeline.Tables.AwaitsSnapshot, host.Pipeline.Flows.IsCurrent(index)), Is.EqualTo((false, false)));
    }

    [Test]
    public void Changes_are_counted_on_from_the_earlier_process()
    {
        var old = new Host();
        old.Apply(new Batch());
        old.FromVif(1, Golden.UdpToNeighbour);
        Assert.That(new Host(old.Memory).Pipeline.Tables.Change, Is.EqualTo(old.Pipeline.Tables.Change));
    }

    [Test]
    public void What_the_snapshot_does_not_name_is_shown_no_more()
    {
        var old = new Host();
        var host = new Host(old.Memory);
        var snapshot = Host.Snapshot();
        snapshot.Vifs.RemoveAt(2);
        snapshot.Labels.RemoveAt(2);
        snapshot.NextHops.RemoveAt(3);
        host.Apply(snapshot);
        Assert.That((old.Memory.Vifs[3].Flags, old.Memory.Labels[18], old.Memory.NextHops[4].Target), Is.EqualTo((VifFlags.None, 0u, 0u)));
        Assert.That(old.Memory.Vifs[2].Flags, Is.EqualTo(VifFlags.Present));
    }

    [Test]
    public void Counters_of_an_interface_go_on_with_its_takeover_and_begin_anew_with_another()
    {
        var old = new Host();
        old.FromVif(1, Golden.UdpToNeighbour);
        var host = new Host(old.Memory);
        host.Apply(Host.Snapshot());
        Assert.That(host.Inspector.Vifs().Select(v => v.ReceivedPackets), Is.EqualTo(new[] { 1, 0, 0 }));

        host.Apply(new Batch { VifsRemoved = { 1 } });
        host.Apply(new Batch { Vifs = { Host.Vif(1, 1, "10.1.0.11") } });
        Assert.That(host.Inspector.Vifs().Select(v => v.ReceivedPackets), Is.EqualTo(new[] { 0, 0, 0 }));
    }

    [Test]
    public void A_machine_that_got_anothers_number_while_nobody_looked_gets_nothing_of_it()
    {
        var old = new Host();
        old.FromVif(1, Golden.UdpToNeighbour);
        var host = new Host(old.Memory);
        var snapshot = Host.Snapshot();
        snapshot.AccessLists.Add(Host.Group(8, "shy", Host.Allow("out", Direction.Egress)));
        snapshot.Vifs[0] = Host.Vif(1, 1, "10.1.0.11", 8);
        snapshot.Vifs[0].Mac = Google.Protobuf.ByteString.CopyFrom(2, 0, 0, 0, 0, 9);
        host.Apply(snapshot);
        Assert.That(host.Inspector.Vifs().Select(v => v.ReceivedPackets), Is.EqualTo(new[] { 0, 0, 0 }));
        Assert.That(host.FromVif(2, Datagram.Frame("10.1.0.12", "10.1.0.11", 53, 4000)).Count, Is.Zero);
    }

    [Test]
    public void An_index_that_lost_a_place_is_built_anew()
    {
        var old = WithTenConnections();
        var span = old.Memory.Index.Span;
        span[span.IndexOfAnyExcept(0u)] = 0;
        AssertSame(old, new FlowTakeover(Kept: 22, Dropped: 0, LinksCut: 0, IndexRebuilt: true));
    }

    [TestCase(uint.MaxValue)]
    [TestCase(1000u)]
    [TestCase(1u)]
    public void An_index_with_a_place_that_is_no_flows_is_built_anew(uint place)
    {
        var old = WithTenConnections();
        var span = old.Memory.Index.Span;
        span[span.IndexOf(0u)] = place;
        AssertSame(old, new FlowTakeover(Kept: 22, Dropped: 0, LinksCut: 0, IndexRebuilt: true));
    }

    [Test]
    public void A_flow_that_can_not_be_is_dropped_and_its_partner_stays_alone()
    {
        var old = WithTenConnections();
        var broken = old.Inspector.Flows(old.Now)[0];
        old.Memory.Flows[broken.Index].Vif = 99;
        var host = new Host(old.Memory);
        Assert.That(host.Pipeline.Flows.Takeover, Is.EqualTo(new FlowTakeover(Kept: 21, Dropped: 1, LinksCut: 1, IndexRebuilt: true)));
        Assert.That(old.Memory.Flows[broken.ReverseIndex!.Value].Reverse, Is.EqualTo(-1));
    }

    [TestCase(-7)]
    [TestCase(100_000)]
    [TestCase(1_000)]
    public void A_link_to_no_partner_is_cut(int reverse)
    {
        var old = WithTenConnections();
        old.Memory.Flows[0].Reverse = reverse;
        Assert.That(new Host(old.Memory).Pipeline.Flows.Takeover.LinksCut, Is.EqualTo(2));
    }

    [Test]
    public void Any_bytes_leave_a_table_that_works([Values(1, 2, 3, 4, 5)] int seed)
    {
        var random = new Random(seed);
        var old = WithTenConnections();
        for (var i = 0; i < 200; i++)
        {
            var flow = System.Runtime.InteropServices.MemoryMarshal.AsBytes(old.Memory.Flows.Span[..24]);
            flow[random.Next(flow.Length)] = (byte)random.Next(256);
            old.Memory.Index.Span[random.Next(old.Memory.Index.Count)] = (uint)random.Next(30);
        }

        var host = new Host(old.Memory) { Now = 10_000 };
        host.Apply(Host.Snapshot());
        Assert.That(host.Inspector.Flows(host.Now), Has.Count.EqualTo(host.Pipeline.Flows.Takeover.Kept));
        Assert.That(host.FromVif(1, Golden.UdpToNeighbour).Vifs, Has.Count.EqualTo(1));
        Assert.That(new Host(old.Memory).Pipeline.Flows.Takeover.IndexRebuilt, Is.False, "it is consistent again");
    }

    private static void AssertSame(Host old, FlowTakeover expected)
    {
        var host = new Host(old.Memory);
        Assert.That(host.Pipeline.Flows.Takeover, Is.EqualTo(expected));
        host.Apply(Host.Snapshot());
        Assert.That(host.FromVif(1, Golden.UdpToNeighbour).Vifs, Has.Count.EqualTo(1));
        Assert.That(host.Pipeline.Flows.Count, Is.EqualTo(22));
    }

    // To one port: each has two entries, and from the second on there is a wide pair.
    private static Host WithTenConnections()
    {
        var host = new Host();
        host.FromVif(1, Golden.UdpToNeighbour);
        for (var port = 1; port < 10; port++)
        {
            host.FromVif(1, FlowTests.UdpFrom(port));
        }

        Assert.That(host.Pipeline.Flows.Count, Is.EqualTo(22));
        return host;
    }
}
