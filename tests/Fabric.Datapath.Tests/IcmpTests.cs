using System.Buffers.Binary;
using Fabric.Model.Datapath;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Tests;

public sealed class IcmpTests
{
    [Test]
    public void The_gateway_answers_a_ping() =>
        Assert.That(new Host().FromVif(1, Golden.PingToGateway).Vifs.Single().Frame, Is.EqualTo(Golden.PongFromGateway));

    [Test]
    public void A_packet_on_its_last_hop_is_answered_with_time_exceeded_by_the_gateway()
    {
        var host = new Host();
        Assert.That(host.FromVif(1, Golden.PingWithLastHop).Vifs.Single().Frame, Is.EqualTo(Golden.TimeExceeded));
        Assert.That(host.Dropped(DropReason.TtlExceeded), Is.EqualTo(1));
    }

    [Test]
    public void A_packet_too_big_with_df_is_answered_with_the_mtu_of_the_tunnel()
    {
        var host = new Host();
        Assert.That(host.FromVif(1, Golden.BigWithDontFragment).Vifs.Single().Frame, Is.EqualTo(Golden.FragmentationNeeded));
        Assert.That(host.Dropped(DropReason.FragmentationNeeded), Is.EqualTo(1));
    }

    // Without it, what the machine sends with DF is lost and it never learns why (RFC 1191 section 3).
    [Test]
    public void A_machine_without_dhcp_hears_of_the_mtu_from_the_address_of_nobody()
    {
        var host = new Host();
        var vif = Host.Vif(1, 1, "10.1.0.11", Host.Open);
        vif.Dhcp = null;
        host.Apply(new Batch { Vifs = { vif } });
        byte[] expected = [.. Golden.FragmentationNeeded];
        BinaryPrimitives.WriteUInt32BigEndian(expected.AsSpan(26), Host.Address("192.0.0.8"));
        Ipv4Header.WriteChecksum(expected.AsSpan(14, Ipv4Header.Size));
        Assert.That(host.FromVif(1, Golden.BigWithDontFragment).Vifs.Single().Frame, Is.EqualTo(expected));
    }

    [Test]
    public void A_packet_too_big_without_df_is_fragmented_before_the_tunnel() =>
        Assert.That(new Host().FromVif(1, Golden.Big).Uplink, Is.EqualTo(new[] { Golden.BigHeadInTunnel, Golden.BigTailInTunnel }));

    [Test]
    public void Icmp_errors_to_a_vm_are_limited_in_a_second()
    {
        var host = new Host(options: new PipelineOptions { IcmpErrorsPerSecond = 2 });
        var sent = Enumerable.Range(0, 5).Sum(_ => host.FromVif(1, Golden.PingWithLastHop).Count);
        host.Now += 1_000;
        Assert.That((sent, host.FromVif(1, Golden.PingWithLastHop).Count), Is.EqualTo((2, 1)));
    }

    // RFC 791 section 3.1: a packet has at most 65,535 bytes. Cut to fit a tunnel, the rest of this one would begin at offset 0 again, with
    // ports that nobody was asked about.
    [TestCase(0x3F54, 0, TestName = "A_fragment_of_more_than_the_largest_packet_is_dropped")]
    [TestCase(0x3F41, 2, TestName = "A_fragment_that_just_fits_the_largest_packet_is_not")]
    public void A_fragment_ends_within_the_largest_packet(int flagsAndOffset, int sent)
    {
        var host = new Host();
        host.FromVif(1, Fragment(0x2000));
        Assert.That(host.FromVif(1, Fragment((ushort)flagsAndOffset)).Uplink, Has.Count.EqualTo(sent));
        Assert.That(host.Dropped(DropReason.InvalidIpv4Header), Is.EqualTo(sent == 0 ? 1 : 0));
    }

    private static byte[] Fragment(ushort flagsAndOffset)
    {
        var frame = Golden.Big;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(20), flagsAndOffset);
        Ipv4Header.WriteChecksum(frame.AsSpan(14, Ipv4Header.Size));
        return frame;
    }

    [Test]
    public void Later_fragments_follow_their_head_and_are_dropped_without_it()
    {
        var host = new Host();
        var (head, tail) = (Inbound(Golden.BigHeadInTunnel), Inbound(Golden.BigTailInTunnel));
        Assert.That(host.FromUplink(tail).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.FragmentWithoutHead), Is.EqualTo(1));

        Assert.That(host.FromUplink(head).Vifs, Has.Count.EqualTo(1));
        Assert.That(host.FromUplink(tail).Vifs, Has.Count.EqualTo(1));

        host.Now += 3_000;
        Assert.That(host.FromUplink(tail).Count, Is.Zero);
    }

    // The same packet the other way: addresses of both headers exchanged, which leaves their checksums as they are, and label 16.
    private static byte[] Inbound(byte[] packet)
    {
        Swap(packet, 12);
        Swap(packet, 28 + 12);
        (packet[24], packet[25], packet[26]) = (0, 1, 1);
        return packet;
    }

    private static void Swap(byte[] packet, int at)
    {
        var source = packet[at..(at + 4)];
        packet.AsSpan(at + 4, 4).CopyTo(packet.AsSpan(at));
        source.CopyTo(packet, at + 4);
    }
}
