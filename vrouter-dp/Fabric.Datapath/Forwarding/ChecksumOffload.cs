using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>Completes a checksum that a VM left to its device.</summary>
internal static class ChecksumOffload
{
    private const int SctpHeaderSize = 12;
    private const int SctpChecksumOffset = 8;

    /// <summary>
    /// Whether what is to be written is the checksum of the packet's transport header, or lies behind that, as in a tunnel of the machine's own: a
    /// sum over ports would make them others than those that the verdict is about. Later fragments have no such header.
    /// </summary>
    public static bool Fits(in PacketFacts facts, in PacketOffload offload)
    {
        if (!offload.NeedsChecksum || facts.IsLaterFragment)
        {
            return true;
        }

        var (size, checksum) = facts.Protocol switch
        {
            IpProtocol.Tcp => (TcpHeader.Size, TcpHeader.ChecksumOffset),
            IpProtocol.Udp => (UdpHeader.Size, UdpHeader.ChecksumOffset),
            IpProtocol.Icmp => (Icmpv4Header.Size, sizeof(ushort)),
            IpProtocol.Sctp => (SctpHeaderSize, SctpChecksumOffset),
            _ => (0, 0),
        };
        var start = offload.ChecksumStart - EthernetHeader.Size - facts.HeaderLength;
        return start >= 0 && (start + offload.ChecksumOffset >= size || (start == 0 && offload.ChecksumOffset == checksum));
    }

    /// <summary>
    /// The field holds the sum of the pseudo-header (virtio 1.2 section 5.1.6.2), so the sum from the start on is the checksum. False when
    /// the offsets do not lie in the frame behind the IP header.
    /// </summary>
    public static bool TryComplete(Span<byte> frame, in PacketFacts facts, in PacketOffload offload)
    {
        var start = (int)offload.ChecksumStart;
        var end = EthernetHeader.Size + facts.TotalLength;
        if (start < EthernetHeader.Size + facts.HeaderLength || start + offload.ChecksumOffset + 2 > end)
        {
            return false;
        }

        var transport = frame[start..end];
        var checksum = InternetChecksum.Compute(transport);
        BinaryPrimitives.WriteUInt16BigEndian(
            transport[offload.ChecksumOffset..],
            checksum == 0 && facts.Protocol == IpProtocol.Udp ? ushort.MaxValue : checksum
        );
        return true;
    }
}
