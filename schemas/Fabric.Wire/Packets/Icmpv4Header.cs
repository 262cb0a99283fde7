using System.Buffers.Binary;

namespace Fabric.Wire.Packets;

public enum Icmpv4Type : byte
{
    EchoReply = 0,
    DestinationUnreachable = 3,
    SourceQuench = 4,
    Redirect = 5,
    Echo = 8,
    TimeExceeded = 11,
    ParameterProblem = 12,
    Timestamp = 13,
    TimestampReply = 14,
}

/// <summary>
/// An ICMP header (RFC 792); the last word is the identifier and sequence of a query, or the next-hop MTU of "fragmentation needed"
/// (RFC 1191 section 4).
/// <code>
///  0    1    2         4          6          8
/// +----+----+---------+----------+----------+
/// |type|code|checksum |identifier|  sequence|
/// +----+----+---------+----------+----------+
/// </code>
/// </summary>
public readonly ref struct Icmpv4Header
{
    public const int Size = 8;
    public const byte FragmentationNeeded = 4;

    private readonly ReadOnlySpan<byte> header;

    private Icmpv4Header(ReadOnlySpan<byte> header) => this.header = header;

    public Icmpv4Type Type => (Icmpv4Type)header[0];

    public byte Code => header[1];

    public ushort Identifier => BinaryPrimitives.ReadUInt16BigEndian(header[4..]);

    /// <summary>A query or its answer, which carries an identifier.</summary>
    public bool IsQuery => Type is Icmpv4Type.Echo or Icmpv4Type.EchoReply or Icmpv4Type.Timestamp or Icmpv4Type.TimestampReply;

    /// <summary>An error, which quotes the packet that caused it (RFC 1122 section 3.2.2).</summary>
    public bool IsError =>
        Type
            is Icmpv4Type.DestinationUnreachable
                or Icmpv4Type.SourceQuench
                or Icmpv4Type.Redirect
                or Icmpv4Type.TimeExceeded
                or Icmpv4Type.ParameterProblem;

    public static bool TryRead(ReadOnlySpan<byte> bytes, out Icmpv4Header icmp)
    {
        icmp = bytes.Length < Size ? default : new Icmpv4Header(bytes[..Size]);
        return bytes.Length >= Size;
    }

    /// <summary>Writes the header before a payload that is in place and fills in the checksum of both.</summary>
    public static void Write(Span<byte> message, Icmpv4Type type, byte code, uint rest)
    {
        message[0] = (byte)type;
        message[1] = code;
        BinaryPrimitives.WriteUInt32BigEndian(message[4..], rest);
        WriteChecksum(message);
    }

    public static void WriteChecksum(Span<byte> message)
    {
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Compute(message));
    }
}
