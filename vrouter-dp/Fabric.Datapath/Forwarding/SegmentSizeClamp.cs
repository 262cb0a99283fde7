using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Lowers the maximum segment size that a SYN announces (RFC 9293 section 3.7.1) to what fits a tunnel, in both directions: so no segment
/// is too big, also where ICMP is lost.
/// </summary>
internal static class SegmentSizeClamp
{
    private const int HeadersSize = Ipv4Header.Size + TcpHeader.Size;

    /// <param name="packet">The tenant's IPv4 packet.</param>
    /// <param name="facts">What was read of it.</param>
    /// <param name="mtu">Largest packet that fits the tunnel.</param>
    /// <param name="hasWholeChecksum">The checksum covers the segment; a partial one, of the pseudo-header, does not.</param>
    public static void Apply(Span<byte> packet, in PacketFacts facts, int mtu, bool hasWholeChecksum)
    {
        if ((facts.Tcp & TcpFlags.Syn) == TcpFlags.None)
        {
            return;
        }

        var segment = packet[facts.HeaderLength..facts.TotalLength];
        var at = TcpOptions.Find(segment, TcpOptions.MaximumSegmentSize, TcpOptions.MaximumSegmentSizeLength);
        if (at < 0)
        {
            return;
        }

        var announced = BinaryPrimitives.ReadUInt16BigEndian(segment[at..]);
        var largest = (ushort)(mtu - HeadersSize);
        if (announced <= largest)
        {
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(segment[at..], largest);
        if (hasWholeChecksum)
        {
            MendChecksum(segment[TcpHeader.ChecksumOffset..], announced, largest, isOdd: at % 2 != 0);
        }
    }

    // A word that begins at an odd byte adds to the sum with its bytes exchanged (RFC 1071 section 2, B).
    private static void MendChecksum(Span<byte> field, ushort old, ushort replacement, bool isOdd)
    {
        var checksum = BinaryPrimitives.ReadUInt16BigEndian(field);
        var mended = isOdd
            ? InternetChecksum.Update(checksum, BinaryPrimitives.ReverseEndianness(old), BinaryPrimitives.ReverseEndianness(replacement))
            : InternetChecksum.Update(checksum, old, replacement);
        BinaryPrimitives.WriteUInt16BigEndian(field, mended);
    }
}
