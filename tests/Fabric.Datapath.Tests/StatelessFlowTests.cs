using Fabric.Datapath.Inspection;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>
/// Entries for blocks of addresses where no policy applies (docs/decisions/0012). Vif 1 has no group; behind the host 192.0.2.2 are all
/// addresses that have no other route.
/// </summary>
public sealed class StatelessFlowTests
{
    private const string Vm = "10.1.0.11";
    private const string Neighbour = "10.1.0.12";

    [Test]
    public void A_hundred_thousand_connections_make_few_entries()
    {
        var host = WithoutPolicy();
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var remote = 0x1400_0000u | (uint)random.Next(1 << 26);
            var frame = Datagram.Frame(Host.Address(Vm), remote, (ushort)random.Next(1, 65536), (ushort)random.Next(1, 65536));
            Assert.That(host.FromVif(1, frame).Uplink, Has.Count.EqualTo(1));
        }

        Assert.That(host.Pipeline.Flows.Count, Is.EqualTo(8), "20/8 to 23/8 and back");
        Assert.That(Stateless(host).Sum(f => f.Packets), Is.EqualTo(100_000));
    }

    [Test]
    public void An_entry_shows_prefixes_and_counts_all_packets_between_them()
    {
        var host = WithoutPolicy();
        Send(host, "20.1.2.3", 1);
        Send(host, "20.9.9.9", 2);
        host.FromUplink(Datagram.FromUnderlay("20.1.2.3", Vm, 53, 1));
        Assert.That(
            Stateless(host)
                .Select(f =>
                    $"{f.Source}/{f.SourceLength} {f.Destination}/{f.DestinationLength} {f.Protocol} {f.DestinationPort} {f.Packets}"
                ),
            Is.EqualTo(new[] { "10.1.0.11/32 20.0.0.0/8 0 0 2", "20.0.0.0/8 0.0.0.0/0 0 0 1" })
        );
        Assert.That(host.Pipeline.Flows.CountOf(1), Is.EqualTo(2));
    }

    [Test]
    public void A_more_specific_route_is_followed_at_once_and_the_rest_of_the_block_goes_on()
    {
        var host = WithoutPolicy();
        Assert.That(LabelOf(host, "20.1.2.3"), Is.EqualTo(30));
        host.Apply(new Batch { Routes = { Host.Route(1, "20.1.0.0/16", 4, 31) } });
        Assert.That((LabelOf(host, "20.1.2.3"), LabelOf(host, "20.2.2.3"), LabelOf(host, "20.1.9.9")), Is.EqualTo((31, 30, 31)));
        Assert.That(Destinations(host), Is.EquivalentTo(new[] { "20.1.0.0/16", "20.2.0.0/16" }));

        host.Apply(
            new Batch
            {
                RoutesRemoved =
                {
                    new RouteKey
                    {
                        Vrf = 1,
                        Prefix = Host.Address("20.1.0.0"),
                        Length = 16,
                    },
                },
            }
        );
        Assert.That((LabelOf(host, "20.1.2.3"), LabelOf(host, "20.2.2.3")), Is.EqualTo((30, 30)));
        Assert.That(Destinations(host), Is.EqualTo(new[] { "20.0.0.0/8" }));
    }

    [Test]
    public void A_policy_holds_at_once_and_what_it_allows_has_flows_of_its_own()
    {
        var host = WithoutPolicy();
        Send(host, "20.1.2.3", 1);
        host.Apply(new Batch { AccessLists = { Host.Group(8, "mute") }, Vifs = { Host.Vif(1, 1, Vm, 8) } });
        Assert.That((Send(host, "20.1.2.3", 1), Send(host, "20.1.2.3", 2)), Is.EqualTo((0, 0)));
        Assert.That(host.Dropped(DropReason.SecurityGroupEgress), Is.EqualTo(2));

        host.Apply(new Batch { Vifs = { Host.Vif(1, 1, Vm, Host.Open) } });
        Assert.That(Send(host, "20.9.9.9", 3), Is.EqualTo(1));
        Assert.That(host.Flow(Vm, "20.9.9.9", 53)!.ReverseIndex, Is.Not.Null);
    }

    [Test]
    public void A_policy_of_the_interface_that_packets_go_to_counts_too()
    {
        var host = WithoutPolicy();
        Send(host, Neighbour, 1);
        Assert.That((Stateless(host).Count, host.Pipeline.Flows.Count), Is.EqualTo((0, 2)));

        host.Apply(new Batch { Vifs = { Host.Vif(2, 1, Neighbour) } });
        Send(host, Neighbour, 2);
        Assert.That(Stateless(host).Select(f => f.Vif), Is.EqualTo(new[] { 1u, 2u }));
    }

    [Test]
    public void An_icmp_error_about_a_packet_that_was_sent_passes_whichever_router_sent_it()
    {
        var host = WithoutPolicy();
        host.Apply(new Batch { Vifs = { Host.Vif(2, 1, Neighbour) } });
        host.FromVif(1, Golden.UdpToNeighbour);
        Assert.That(host.FromVif(2, Golden.PortUnreachableFromNeighbour).Vifs.Single().Vif, Is.EqualTo(1));
        Assert.That(Stateless(host).Select(f => (f.Vif, f.Packets)), Is.EqualTo(new[] { (1u, 1L), (2u, 1L) }));
    }

    [Test]
    public void What_needs_no_state_passes_when_there_is_no_room_for_it()
    {
        var host = WithoutPolicy(perVifLimit: 2);
        Send(host, "20.1.2.3", 1);
        Assert.That((Send(host, "30.1.2.3", 1), Send(host, "30.1.2.3", 2), host.Pipeline.Flows.Count), Is.EqualTo((1, 1, 2)));
        Assert.That(host.Dropped(DropReason.FlowLimitOfVif), Is.Zero);
    }

    [Test]
    public void A_route_with_more_than_one_way_makes_flows_of_their_own()
    {
        var host = WithoutPolicy();
        var ecmp = new EcmpNextHop
        {
            Members =
            {
                new EcmpMember { NextHop = 4, Label = 31 },
            },
        };
        host.Apply(
            new Batch
            {
                NextHops =
                {
                    new NextHopEntry { Id = 6, Ecmp = ecmp },
                },
                Routes = { Host.Route(1, "20.0.0.0/8", 6) },
            }
        );
        Send(host, "20.1.2.3", 1);
        Assert.That((Stateless(host).Count, host.Pipeline.Flows.Count), Is.EqualTo((0, 2)));
    }

    [Test]
    public void Packets_from_elsewhere_than_the_entry_says_are_checked_for_themselves()
    {
        var host = WithoutPolicy();
        host.FromUplink(Golden.PongFromRemoteInTunnel);
        Assert.That(host.FromUplink(Golden.SpoofedFromFabric).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.InvalidSource), Is.EqualTo(1));
        Assert.That(host.FromUplink(Golden.PongFromRemoteInTunnel).Vifs, Has.Count.EqualTo(1));
    }

    [Test]
    public void The_underlay_makes_no_entry_for_an_address_that_a_machine_does_not_have()
    {
        var host = WithoutPolicy();
        Assert.That(host.FromUplink(Datagram.FromUnderlay("20.1.2.3", "10.1.0.99", 1, 2)).Vifs, Has.Count.EqualTo(1));
        Assert.That(Stateless(host).Select(f => f.Source.ToString()), Is.EqualTo(new[] { "20.0.0.0" }));
    }

    [Test]
    public void A_packet_from_an_address_to_itself_has_a_flow_of_its_own()
    {
        var host = WithoutPolicy();
        host.FromUplink(Datagram.FromUnderlay("20.1.2.3", Vm, 1, 2));
        Assert.That(host.FromUplink(Datagram.FromUnderlay("20.1.2.3", "20.1.2.3", 5, 5)).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.SameForwardAndReverseKey), Is.EqualTo(1));
    }

    [Test]
    public void A_connection_that_had_a_flow_before_its_policy_went_keeps_it()
    {
        var host = WithoutPolicy();
        host.Apply(new Batch { Vifs = { Host.Vif(1, 1, Vm, Host.Open) } });
        Send(host, "20.1.2.3", 1);
        host.Apply(new Batch { Vifs = { Host.Vif(1, 1, Vm) } });
        Send(host, "20.1.2.3", 1);
        Send(host, "20.1.2.3", 2);
        Assert.That(
            host.Inspector.Flows(host.Now).Select(f => (f.SourcePort, f.Packets)),
            Does.Contain(((ushort)1, 2L)).And.Contain(((ushort)0, 1L))
        );
    }

    [Test]
    public void An_entry_ages_and_its_length_is_looked_for_no_more()
    {
        var host = WithoutPolicy();
        Send(host, "20.1.2.3", 1);
        Assert.That(host.Memory.Vifs[1].StatelessLengths, Is.EqualTo(0b_0001_0001), "a block of 8 bits each way");
        host.Now += new PipelineOptions().FlowIdleMilliseconds;
        host.Pipeline.Age(host.Now);
        Assert.That((host.Pipeline.Flows.Count, host.Memory.Vifs[1].StatelessLengths), Is.EqualTo((0, 0u)));
    }

    [Test]
    public void A_new_process_goes_on_with_the_entries_of_the_old()
    {
        var old = WithoutPolicy();
        Send(old, "20.1.2.3", 1);
        old.Memory.Vifs[1].StatelessLengths = 0;
        var host = new Host(old.Memory);
        Assert.That(host.Pipeline.Flows.Takeover.Kept, Is.EqualTo(2));
        Assert.That(host.Memory.Vifs[1].StatelessLengths, Is.EqualTo(0b_0001_0001));
        host.Apply(Tables());
        Send(host, "20.9.9.9", 2);
        Assert.That(Stateless(host)[0].Packets, Is.EqualTo(2));
    }

    [TestCase(32, 9)]
    [TestCase(8, 8)]
    [TestCase(40, 0)]
    [TestCase(0, 0)]
    public void An_entry_for_blocks_that_can_not_be_is_not_taken_over(int sourceLength, int destinationLength)
    {
        var old = WithoutPolicy();
        Send(old, "20.1.2.3", 1);
        ref var flow = ref old.Memory.Flows.Span[old.Inspector.Flows(old.Now)[0].Index];
        flow.Key = flow.Key.Between(32, 8) with { SourcePort = (ushort)sourceLength, DestinationPort = (ushort)destinationLength };
        Assert.That(
            new Host(old.Memory).Pipeline.Flows.Takeover,
            Is.EqualTo(new FlowTakeover(Kept: 1, Dropped: 1, LinksCut: 0, IndexRebuilt: true))
        );
    }

    private static Host WithoutPolicy(int perVifLimit = 1024)
    {
        var host = new Host(perVifLimit: perVifLimit);
        host.Apply(Tables());
        return host;
    }

    private static Batch Tables()
    {
        var batch = Host.Snapshot();
        batch.Vifs[0] = Host.Vif(1, 1, Vm);
        batch.Routes.Add(Host.Route(1, "0.0.0.0/0", 4, 30));
        return batch;
    }

    private static int Send(Host host, string destination, ushort source) =>
        host.FromVif(1, Datagram.Frame(Vm, destination, source, 53)).Count;

    private static int LabelOf(Host host, string destination)
    {
        var outer = host.FromVif(1, Datagram.Frame(Vm, destination, 1, 53)).Uplink.Single();
        return outer[24] << 12 | outer[25] << 4 | outer[26] >> 4;
    }

    private static List<FlowRecord> Stateless(Host host) => [.. host.Inspector.Flows(host.Now).Where(f => f.IsStateless)];

    private static IEnumerable<string> Destinations(Host host) =>
        Stateless(host).Where(f => f.SourceLength == 32).Select(f => $"{f.Destination}/{f.DestinationLength}");
}
