using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Cuts a large TCP segment or UDP datagram, which a VM left to its device to cut, into packets of their own: identification and sequence
/// number count up, FIN and PSH are on the last segment only (and CWR on the first, RFC 3168), each checksum is complete.
/// </summary>
internal ref struct Segmenter
{
    // As many datagrams as Linux takes (UDP_MAX_SEGMENTS), and segments no smaller (TCP_MIN_GSO_SIZE): one packet must not cost as tens of thousands.
    private const int MostDatagrams = 128;
    private const int SmallestSegment = 8;

    private readonly ReadOnlySpan<byte> packet;
    private readonly int headerLength;
    private readonly int transport;
    private readonly int segmentSize;
    private readonly byte protocol;
    private int sent;
    private ushort count;

    private Segmenter(ReadOnlySpan<byte> packet, int transport, int headerLength, int segmentSize, byte protocol)
    {
        this.packet = packet;
        this.transport = transport;
        this.headerLength = headerLength;
        this.segmentSize = segmentSize;
        this.protocol = protocol;
    }

    /// <summary>Bytes of the largest packet that comes out.</summary>
    public readonly int LargestPacket => Math.Min(packet.Length, headerLength + segmentSize);

    /// <summary>False when the offload does not fit the packet.</summary>
    public static bool TryCreate(
        ReadOnlySpan<byte> packet,
        scoped in PacketFacts facts,
        scoped in PacketOffload offload,
        out Segmenter segmenter
    )
    {
        segmenter = default;
        var expected = facts.Protocol switch
        {
            IpProtocol.Tcp => OffloadFlags.TcpSegmentation,
            IpProtocol.Udp => OffloadFlags.UdpSegmentation,
            _ => OffloadFlags.None,
        };
        if (expected == OffloadFlags.None || (offload.Flags & expected) != expected || offload.SegmentSize == 0 || facts.IsFragment)
        {
            return false;
        }

        var headers = facts.HeaderLength + UdpHeader.Size;
        if (facts.Protocol == IpProtocol.Tcp)
        {
            TcpHeader.TryRead(packet[facts.HeaderLength..], out var tcp);
            headers = facts.HeaderLength + tcp.HeaderLength;
        }

        var smallest = facts.Protocol == IpProtocol.Tcp ? SmallestSegment : (packet.Length - headers + MostDatagrams - 1) / MostDatagrams;
        if (offload.SegmentSize < smallest)
        {
            return false;
        }

        segmenter = new Segmenter(packet, facts.HeaderLength, headers, offload.SegmentSize, facts.Protocol);
        return true;
    }

    /// <summary>Writes the next packet and gives its length, or 0 behind the last.</summary>
    public int Next(Span<byte> destination)
    {
        var payload = packet[headerLength..];
        if (sent >= payload.Length && count > 0)
        {
            return 0;
        }

        var size = Math.Min(segmentSize, payload.Length - sent);
        var length = headerLength + size;
        packet[..headerLength].CopyTo(destination);
        payload.Slice(sent, size).CopyTo(destination[headerLength..]);
        var identification = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], (ushort)(identification + count));
        Ipv4Header.WriteChecksum(destination[..transport]);
        WriteTransport(destination[transport..length], isLast: sent + size == payload.Length);
        sent += size;
        count++;
        return length;
    }

    private readonly void WriteTransport(Span<byte> segment, bool isLast)
    {
        var source = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]);
        var destination = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
        if (protocol == IpProtocol.Udp)
        {
            BinaryPrimitives.WriteUInt16BigEndian(segment[4..], (ushort)segment.Length);
            UdpHeader.WriteChecksum(segment, source, destination);
            return;
        }

        var sequence = BinaryPrimitives.ReadUInt32BigEndian(segment[TcpHeader.SequenceOffset..]);
        BinaryPrimitives.WriteUInt32BigEndian(segment[TcpHeader.SequenceOffset..], sequence + (uint)sent);
        var cleared =
            (isLast ? TcpFlags.None : TcpFlags.Fin | TcpFlags.Push) | (sent > 0 ? TcpFlags.CongestionWindowReduced : TcpFlags.None);
        segment[TcpHeader.FlagsOffset] &= (byte)~cleared;
        TcpHeader.WriteChecksum(segment, source, destination);
    }
}
