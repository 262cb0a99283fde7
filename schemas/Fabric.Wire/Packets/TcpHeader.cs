using System.Buffers.Binary;

namespace Fabric.Wire.Packets;

[Flags]
public enum TcpFlags : byte
{
    None = 0,
    Fin = 0x01,
    Syn = 0x02,
    Reset = 0x04,
    Push = 0x08,
    Acknowledgment = 0x10,
    Urgent = 0x20,

    /// <summary>ECN-Echo (RFC 3168).</summary>
    EcnEcho = 0x40,

    /// <summary>Congestion window reduced (RFC 3168).</summary>
    CongestionWindowReduced = 0x80,
}

/// <summary>
/// A TCP header (RFC 9293 section 3.1).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------------------------------+-------------------------------+
/// |          source port          |       destination port        |
/// +-------------------------------+-------------------------------+
/// |                        sequence number                        |
/// |                     acknowledgment number                     |
/// +-------+-------+---------------+-------------------------------+
/// | offset| rsrvd |C E U A P R S F|            window             |
/// +-------+-------+---------------+-------------------------------+
/// |           checksum            |         urgent pointer        |
/// |                      options, offset > 5                      |
/// </code>
/// </summary>
public readonly ref struct TcpHeader
{
    /// <summary>Bytes of a header without options.</summary>
    public const int Size = 20;
    public const int SequenceOffset = 4;
    public const int FlagsOffset = 13;
    public const int ChecksumOffset = 16;

    private readonly ReadOnlySpan<byte> header;

    private TcpHeader(ReadOnlySpan<byte> header) => this.header = header;

    public int HeaderLength => header.Length;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(header);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(header[2..]);

    public uint Sequence => BinaryPrimitives.ReadUInt32BigEndian(header[SequenceOffset..]);

    public uint AcknowledgmentNumber => BinaryPrimitives.ReadUInt32BigEndian(header[8..]);

    public ushort Window => BinaryPrimitives.ReadUInt16BigEndian(header[14..]);

    public TcpFlags Flags => (TcpFlags)header[FlagsOffset];

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(header[ChecksumOffset..]);

    /// <summary>Reads the header with its options.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpHeader tcp)
    {
        tcp = default;
        if (bytes.Length < Size)
        {
            return false;
        }

        var length = (bytes[12] >> 4) * 4;
        if (length < Size || length > bytes.Length)
        {
            return false;
        }

        tcp = new TcpHeader(bytes[..length]);
        return true;
    }

    /// <summary>Fills in the checksum of a segment with all else in place.</summary>
    public static void WriteChecksum(Span<byte> segment, uint source, uint destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(segment[ChecksumOffset..], 0);
        var sum = InternetChecksum.PseudoHeader(source, destination, IpProtocol.Tcp, segment.Length);
        BinaryPrimitives.WriteUInt16BigEndian(segment[ChecksumOffset..], InternetChecksum.Finish(InternetChecksum.Sum(segment, sum)));
    }
}
