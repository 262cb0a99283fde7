using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

public sealed class ForwardingTests
{
    [Test]
    public void A_packet_to_a_remote_vm_leaves_in_mpls_over_gre_with_df()
    {
        var output = new Host().FromVif(1, Golden.PingToRemote);
        Assert.That(output.Uplink, Is.EqualTo(new[] { Golden.PingToRemoteInTunnel }));
        Assert.That(output.Vifs, Is.Empty);
    }

    [Test]
    public void A_packet_to_a_neighbour_gets_his_mac_and_one_hop_less()
    {
        var output = new Host().FromVif(1, Golden.UdpToNeighbour);
        Assert.That(output.Vifs.Single(), Is.EqualTo((2u, Golden.UdpAtNeighbour, PacketOffload.None)));
    }

    [TestCase(nameof(Golden.PongFromRemoteInTunnel))]
    [TestCase(nameof(Golden.PongWithGreKey))]
    [TestCase(nameof(Golden.PongWithGreChecksum))]
    public void A_labelled_packet_reaches_the_vm_of_its_label(string name)
    {
        var packet = (byte[])typeof(Golden).GetProperty(name)!.GetValue(null)!;
        var output = new Host().FromUplink(packet);
        Assert.That(output.Vifs.Single(), Is.EqualTo((1u, Golden.PongFromRemote, PacketOffload.None)));
    }

    [Test]
    public void Gre_with_a_sequence_number_is_counted_as_unsupported()
    {
        var host = new Host();
        Assert.That(host.FromUplink(Golden.PongWithGreSequence).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.UnsupportedGre), Is.EqualTo(1));
    }

    [Test]
    public void An_unknown_label_is_dropped()
    {
        var host = new Host();
        host.Apply(new Batch { LabelsRemoved = { 16 } });
        Assert.That(host.FromUplink(Golden.PongFromRemoteInTunnel).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.UnknownLabel), Is.EqualTo(1));
    }

    [Test]
    public void A_packet_from_a_host_that_the_route_does_not_name_is_dropped()
    {
        var host = new Host();
        Assert.That(host.FromUplink(Golden.SpoofedFromFabric).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.InvalidSource), Is.EqualTo(1));
    }

    [TestCase(nameof(Golden.Spoofed), DropReason.SpoofedSourceAddress)]
    [TestCase(nameof(Golden.SpoofedMac), DropReason.SpoofedSourceMac)]
    [TestCase(nameof(Golden.RouterSolicitation), DropReason.Ipv6)]
    [TestCase(nameof(Golden.BroadcastUdp), DropReason.Broadcast)]
    [TestCase(nameof(Golden.MulticastUdp), DropReason.Multicast)]
    [TestCase(nameof(Golden.UdpToBlue), DropReason.NoDestinationRoute)]
    public void What_may_not_leave_a_vm_is_dropped_with_its_reason(string name, DropReason reason)
    {
        var host = new Host();
        var output = host.FromVif(1, (byte[])typeof(Golden).GetProperty(name)!.GetValue(null)!);
        Assert.That(output.Count, Is.Zero);
        Assert.That(host.Dropped(reason), Is.EqualTo(1));
        Assert.That(host.Inspector.Drops().Select(d => (d.Reason, d.Vif)), Does.Contain((reason, (uint?)1)));
        Assert.That(host.Inspector.RecentDrops().Single().Reason, Is.EqualTo(reason));
    }

    [Test]
    public void Networks_meet_only_while_each_has_the_others_routes()
    {
        var host = new Host();
        host.FromVif(1, Golden.UdpToBlue);
        host.Apply(new Batch { Routes = { Host.Route(1, "10.2.0.11/32", 3) } });
        Assert.That(host.FromVif(1, Golden.UdpToBlue).Count, Is.Zero, "blue has no route back");

        host.Apply(new Batch { Routes = { Host.Route(2, "10.1.0.11/32", 1) } });
        Assert.That(host.FromVif(1, Golden.UdpToBlue).Vifs.Single(), Is.EqualTo((3u, Golden.UdpAtBlue, PacketOffload.None)));

        host.Apply(
            new Batch
            {
                RoutesRemoved =
                {
                    new RouteKey
                    {
                        Vrf = 1,
                        Prefix = Host.Address("10.2.0.11"),
                        Length = 32,
                    },
                },
            }
        );
        Assert.That(host.FromVif(1, Golden.UdpToBlue).Count, Is.Zero);
    }

    [Test]
    public void An_ecmp_flow_stays_with_its_member_and_moves_when_it_goes()
    {
        var host = new Host();
        var ecmp = new EcmpNextHop { Members = { Member(4, 21), Member(6, 61), Member(7, 71) } };
        host.Apply(
            new Batch
            {
                NextHops =
                {
                    Host.Tunnel(6, "192.0.2.6"),
                    Host.Tunnel(7, "192.0.2.7"),
                    new NextHopEntry { Id = 8, Ecmp = ecmp },
                },
                Routes = { Host.Route(1, "10.1.0.21/32", 8) },
            }
        );
        var before = Label(host.FromVif(1, Golden.PingToRemote));

        var others = ecmp.Clone();
        others.Members.Remove(others.Members.First(m => m.Label != before));
        host.Apply(
            new Batch
            {
                NextHops =
                {
                    new NextHopEntry { Id = 8, Ecmp = others },
                },
            }
        );
        Assert.That(Label(host.FromVif(1, Golden.PingToRemote)), Is.EqualTo(before));

        var gone = others.Clone();
        gone.Members.Remove(gone.Members.First(m => m.Label == before));
        host.Apply(
            new Batch
            {
                NextHops =
                {
                    new NextHopEntry { Id = 8, Ecmp = gone },
                },
            }
        );
        Assert.That(Label(host.FromVif(1, Golden.PingToRemote)), Is.EqualTo(gone.Members[0].Label));
    }

    private static EcmpMember Member(uint nextHop, uint label) => new() { NextHop = nextHop, Label = label };

    private static uint Label(Capture output) => (uint)(output.Uplink[0][24] << 12 | output.Uplink[0][25] << 4 | output.Uplink[0][26] >> 4);
}
