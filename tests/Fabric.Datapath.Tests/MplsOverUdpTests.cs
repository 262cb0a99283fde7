using System.Buffers.Binary;
using Fabric.Model.Datapath;

namespace Fabric.Datapath.Tests;

/// <summary>MPLS over UDP, RFC 7510.</summary>
public sealed class MplsOverUdpTests
{
    [Test]
    public void A_packet_to_a_remote_vm_leaves_in_mpls_over_udp_from_the_port_of_its_flow() =>
        Assert.That(OverUdp().FromVif(1, Golden.PingToRemote).Uplink, Is.EqualTo(new[] { Golden.PingToRemoteInUdp }));

    [TestCase(nameof(Golden.PongFromRemoteInUdp))]
    [TestCase(nameof(Golden.PongInUdpWithChecksum))]
    public void A_labelled_packet_reaches_the_vm_of_its_label(string name)
    {
        var output = new Host().FromUplink(Packet(name));
        Assert.That(output.Vifs.Single(), Is.EqualTo((1u, Golden.PongFromRemote, PacketOffload.None)));
    }

    [TestCase(nameof(Golden.PongInUdpWithWrongChecksum), DropReason.InvalidUdpTunnel)]
    [TestCase(nameof(Golden.PongInUdpTooLong), DropReason.InvalidUdpTunnel)]
    [TestCase(nameof(Golden.PongInUdpToOtherPort), DropReason.UnsupportedTunnelProtocol)]
    public void What_is_not_a_tunnel_is_dropped_with_its_reason(string name, DropReason reason)
    {
        var host = new Host();
        Assert.That((host.FromUplink(Packet(name)).Count, host.Dropped(reason)), Is.EqualTo((0, 1L)));
    }

    [Test]
    public void Its_headers_leave_four_bytes_less_than_those_of_gre()
    {
        var frame = OverUdp().FromVif(1, Golden.BigWithDontFragment).Vifs.Single().Frame;
        Assert.That(BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(14 + 20 + 6)), Is.EqualTo(1468));
    }

    [Test]
    public void Fragments_and_segments_leave_each_in_a_tunnel_packet_of_its_own()
    {
        var big = OverUdp().FromVif(1, Golden.Big).Uplink;
        Assert.That(big.Select(p => p[32..]), Is.EqualTo(new[] { Golden.BigHeadInTunnel[28..], Golden.BigTailInTunnel[28..] }));
        var offload = new PacketOffload(OffloadFlags.NeedsChecksum | OffloadFlags.TcpSegmentation, 34, 16, 100, 54);
        var segments = OverUdp().FromVif(1, Golden.LargeSegment, offload).Uplink;
        Assert.That(
            segments.Select(p => p[32..]),
            Is.EqualTo(new[] { Golden.Segment1InTunnel[28..], Golden.Segment2InTunnel[28..], Golden.Segment3InTunnel[28..] })
        );
    }

    [Test]
    public void A_packet_from_no_host_is_dropped()
    {
        var host = new Host();
        var packet = Golden.PongFromRemoteInUdp;
        packet.AsSpan(12, 4).Clear();
        Wire.Packets.Ipv4Header.WriteChecksum(packet.AsSpan(0, 20));
        Assert.That((host.FromUplink(packet).Count, host.Dropped(DropReason.InvalidSource)), Is.EqualTo((0, 1L)));
    }

    private static byte[] Packet(string name) => (byte[])typeof(Golden).GetProperty(name)!.GetValue(null)!;

    private static Host OverUdp()
    {
        var host = new Host();
        host.Apply(new Batch { NextHops = { Host.Tunnel(4, "192.0.2.2", TunnelKind.MplsOverUdp) } });
        return host;
    }
}
