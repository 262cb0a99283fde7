using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Tests;

public sealed class OffloadTests
{
    private static readonly PacketOffload UdpChecksum = new(OffloadFlags.NeedsChecksum, 34, 6, 0, 0);
    private static readonly PacketOffload Tcp = new(OffloadFlags.NeedsChecksum | OffloadFlags.TcpSegmentation, 34, 16, 100, 54);

    [Test]
    public void A_checksum_left_to_the_device_is_complete_in_the_tunnel() =>
        Assert.That(new Host().FromVif(1, Golden.UdpPartialChecksum, UdpChecksum).Uplink, Is.EqualTo(new[] { Golden.UdpCompleteInTunnel }));

    [Test]
    public void A_large_segment_is_cut_for_the_tunnel() =>
        Assert.That(
            new Host().FromVif(1, Golden.LargeSegment, Tcp).Uplink,
            Is.EqualTo(new[] { Golden.Segment1InTunnel, Golden.Segment2InTunnel, Golden.Segment3InTunnel })
        );

    [Test]
    public void Offloads_go_on_to_a_vm_on_the_same_host()
    {
        var host = new Host();
        host.Apply(new Model.Datapath.Batch { Routes = { Host.Route(1, "10.1.0.21/32", 2) } });
        var (vif, frame, offload) = host.FromVif(1, Golden.LargeSegment, Tcp).Vifs.Single();
        Assert.That((vif, frame.Length, offload), Is.EqualTo((2u, Golden.LargeSegment.Length, Tcp)));
    }

    [TestCase(33)]
    [TestCase(60_000)]
    public void An_offload_outside_the_packet_is_dropped(int checksumStart)
    {
        var host = new Host();
        var output = host.FromVif(1, Golden.UdpPartialChecksum, UdpChecksum with { ChecksumStart = (ushort)checksumStart });
        Assert.That((output.Count, host.Dropped(DropReason.InvalidOffload)), Is.EqualTo((0, 1L)));
    }

    // Where the device writes is the machine's to say, and must not be what the groups were asked about.
    [TestCase(34, 0, "10.1.0.21")]
    [TestCase(34, 2, "10.1.0.21")]
    [TestCase(34, 2, "10.1.0.12")]
    [TestCase(36, 0, "10.1.0.12")]
    [TestCase(34, 7, "10.1.0.21")]
    public void A_checksum_over_the_ports_is_dropped(int start, int offset, string destination)
    {
        var host = new Host();
        var to = new PacketOffload(OffloadFlags.NeedsChecksum, (ushort)start, (ushort)offset, 0, 0);
        Assert.That(host.FromVif(1, Datagram.Frame("10.1.0.11", destination, 4000, 53), to).Count, Is.Zero);
        Assert.That((host.Dropped(DropReason.InvalidOffload), host.Pipeline.Flows.Count), Is.EqualTo((1L, 0)));
    }

    // As a machine leaves the checksum inside a tunnel of its own to its device.
    [Test]
    public void A_checksum_behind_the_headers_is_completed() =>
        Assert.That(
            new Host()
                .FromVif(
                    1,
                    Datagram.Frame("10.1.0.11", "10.1.0.21", 4000, 4789),
                    UdpChecksum with
                    {
                        ChecksumStart = 42,
                        ChecksumOffset = 2,
                    }
                )
                .Count,
            Is.EqualTo(1)
        );

    // What Linux takes as well: TCP_MIN_GSO_SIZE, UDP_MAX_SEGMENTS.
    [TestCase(OffloadFlags.TcpSegmentation, 7, 0)]
    [TestCase(OffloadFlags.TcpSegmentation, 8, 500)]
    [TestCase(OffloadFlags.UdpSegmentation, 31, 0)]
    [TestCase(OffloadFlags.UdpSegmentation, 32, 125)]
    public void A_packet_is_not_cut_into_more_than_its_sender_would_have_cut_it(OffloadFlags kind, int segmentSize, int packets)
    {
        const int Payload = 4000;
        byte[] frame = kind == OffloadFlags.TcpSegmentation ? Golden.LargeSegment[..54] : Golden.Big[..42];
        Array.Resize(ref frame, frame.Length + Payload);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(16), (ushort)(frame.Length - EthernetHeader.Size));
        if (kind == OffloadFlags.UdpSegmentation)
        {
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(38), (ushort)(frame.Length - 34));
        }

        Ipv4Header.WriteChecksum(frame.AsSpan(14, Ipv4Header.Size));
        var host = new Host();
        var offload = kind == OffloadFlags.TcpSegmentation ? Tcp : UdpChecksum with { Flags = OffloadFlags.NeedsChecksum | kind };
        Assert.That(host.FromVif(1, frame, offload with { SegmentSize = (ushort)segmentSize }).Count, Is.EqualTo(packets));
        Assert.That(host.Dropped(DropReason.InvalidOffload), Is.EqualTo(packets == 0 ? 1 : 0));
    }

    // 48 octets: outer IPv4, GRE, MPLS and inner IPv4.
    [Test]
    public void What_was_left_to_do_inside_a_tunnel_is_left_to_the_vm()
    {
        var (vif, _, offload) = new Host()
            .FromUplink(Golden.SynFromRemote80, Tcp with { ChecksumStart = 48, HeaderLength = 68 })
            .Vifs.Single();

        Assert.That((vif, offload), Is.EqualTo((2u, Tcp)));
    }

    [TestCase(OffloadFlags.NeedsChecksum | OffloadFlags.TcpSegmentation, 47, 16, 100)]
    [TestCase(OffloadFlags.NeedsChecksum | OffloadFlags.TcpSegmentation, 20, 16, 100)]
    [TestCase(OffloadFlags.NeedsChecksum | OffloadFlags.TcpSegmentation, 48, 6, 100)]
    [TestCase(OffloadFlags.NeedsChecksum | OffloadFlags.TcpSegmentation, 48, 16, 0)]
    [TestCase(OffloadFlags.NeedsChecksum | OffloadFlags.UdpSegmentation, 48, 16, 100)]
    [TestCase(OffloadFlags.TcpSegmentation, 48, 16, 100)]
    public void An_offload_inside_a_tunnel_that_does_not_fit_its_packet_is_dropped(
        OffloadFlags flags,
        int checksumStart,
        int checksumOffset,
        int segmentSize
    )
    {
        var host = new Host();
        var offload = new PacketOffload(flags, (ushort)checksumStart, (ushort)checksumOffset, (ushort)segmentSize, 68);
        Assert.That(host.FromUplink(Golden.SynFromRemote80, offload).Count, Is.Zero);
        Assert.That(host.Dropped(DropReason.InvalidOffload), Is.EqualTo(1));
    }
}
