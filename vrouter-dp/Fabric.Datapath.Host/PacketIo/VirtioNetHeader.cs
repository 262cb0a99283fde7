using System.Runtime.InteropServices;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// struct virtio_net_hdr, which the kernel puts before each frame of a packet socket with PACKET_VNET_HDR and takes before each sent
/// one: checksum and segmentation work that is still to be done (virtio 1.2 section 5.1.6). Host byte order.
/// <code>
///  0       1          2               4              6                8                 10
/// | flags | GSO type | header length | segment size | checksum start | checksum offset |
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal struct VirtioNetHeader
{
    public const int Size = 10;

    private const byte NeedsChecksum = 1;
    private const byte NoSegmentation = 0;
    private const byte TcpIpv4 = 1;
    private const byte UdpSegments = 5;
    private const byte CongestionNotification = 0x80;

    public byte Flags;
    public byte SegmentationType;
    public ushort HeaderLength;
    public ushort SegmentSize;
    public ushort ChecksumStart;
    public ushort ChecksumOffset;

    public static VirtioNetHeader From(in PacketOffload offload) =>
        new()
        {
            Flags = offload.NeedsChecksum ? NeedsChecksum : (byte)0,
            SegmentationType = offload.Flags switch
            {
                var flags when flags.HasFlag(OffloadFlags.TcpSegmentation) => TcpIpv4,
                var flags when flags.HasFlag(OffloadFlags.UdpSegmentation) => UdpSegments,
                _ => NoSegmentation,
            },
            HeaderLength = offload.HeaderLength,
            SegmentSize = offload.SegmentSize,
            ChecksumStart = offload.ChecksumStart,
            ChecksumOffset = offload.ChecksumOffset,
        };

    /// <summary>
    /// The offload that the header tells, or false for segmentation of a kind that the pipeline does not know (TCP over IPv6, UDP fragments).
    /// The mark of congestion notification is a hint to NICs; segmenting by the pipeline copies CWR to the first segment as RFC 3168 wants.
    /// </summary>
    public readonly bool TryGetOffload(out PacketOffload offload)
    {
        var flags = (Flags & NeedsChecksum) != 0 ? OffloadFlags.NeedsChecksum : OffloadFlags.None;
        switch (SegmentationType & ~CongestionNotification)
        {
            case NoSegmentation:
                break;
            case TcpIpv4:
                flags |= OffloadFlags.TcpSegmentation;
                break;
            case UdpSegments:
                flags |= OffloadFlags.UdpSegmentation;
                break;
            default:
                offload = PacketOffload.None;
                return false;
        }

        offload = flags == OffloadFlags.None ? PacketOffload.None : new(flags, ChecksumStart, ChecksumOffset, SegmentSize, HeaderLength);
        return true;
    }
}
