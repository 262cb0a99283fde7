using System.Runtime.InteropServices;
using Fabric.Datapath.Host.PacketIo;

namespace Fabric.Datapath.Host.Tests;

/// <summary>Layout of struct virtio_net_hdr (virtio 1.2 section 5.1.6), little-endian as on the machines that this runs on.</summary>
public sealed class VirtioNetHeaderTests
{
    // TCP over IPv4, checksum at 34 + 16, headers of 66 bytes, segments of 1432.
    private static readonly byte[] _tcpSegments = [1, 1, 66, 0, 0x98, 0x05, 34, 0, 16, 0];

    private static readonly PacketOffload _tcpOffload = new(
        OffloadFlags.NeedsChecksum | OffloadFlags.TcpSegmentation,
        ChecksumStart: 34,
        ChecksumOffset: 16,
        SegmentSize: 1432,
        HeaderLength: 66
    );

    [Test]
    public void A_large_tcp_segment_is_read_with_what_is_left_to_do()
    {
        var known = MemoryMarshal.Read<VirtioNetHeader>(_tcpSegments).TryGetOffload(out var offload);

        Assert.That((known, offload), Is.EqualTo((true, _tcpOffload)));
    }

    [Test]
    public void A_large_tcp_segment_is_written_as_the_kernel_reads_it()
    {
        var header = VirtioNetHeader.From(_tcpOffload);

        Assert.That(MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref header, 1)).ToArray(), Is.EqualTo(_tcpSegments));
    }

    [Test]
    public void A_finished_packet_has_nothing_left_to_do()
    {
        // The kernel says "checksum verified" (flag 2) for packets that came over a wire.
        byte[] bytes = [2, 0, 0, 0, 0, 0, 0, 0, 0, 0];

        var known = MemoryMarshal.Read<VirtioNetHeader>(bytes).TryGetOffload(out var offload);

        Assert.That((known, offload), Is.EqualTo((true, PacketOffload.None)));
    }

    [TestCase(3, TestName = "Udp_fragments_are_not_taken")]
    [TestCase(4, TestName = "Large_tcp_segments_over_ipv6_are_not_taken")]
    public void Unknown(byte segmentation)
    {
        byte[] bytes = [1, segmentation, 0, 0, 0, 0, 0, 0, 0, 0];

        Assert.That(MemoryMarshal.Read<VirtioNetHeader>(bytes).TryGetOffload(out _), Is.False);
    }
}
