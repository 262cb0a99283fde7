using System.Buffers.Binary;

namespace Fabric.Wire.Bgp;

/// <summary>
/// An Ethernet segment identifier (RFC 7432 section 5): <code>| type (1) | value (9) |</code>
/// All zeros is a site with one link, all ones the segment that is none of any site.
/// </summary>
public readonly record struct EthernetSegmentId
{
    public const int ByteCount = 10;

    private readonly ulong _tail;
    private readonly ushort _head;

    internal EthernetSegmentId(ushort head, ulong tail)
    {
        _head = head;
        _tail = tail;
    }

    /// <summary>A site with one link.</summary>
    public static EthernetSegmentId SingleHomed => default;

    public bool IsSingleHomed => this == default;

    /// <summary>How the value is made up (RFC 7432 section 5), 0 to 5.</summary>
    public byte Type => (byte)(_head >> 8);

    internal ushort Head => _head;

    internal ulong Tail => _tail;

    /// <summary>Reads ten bytes.</summary>
    public static EthernetSegmentId Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[2..]));

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, _head);
        BinaryPrimitives.WriteUInt64BigEndian(destination[2..], _tail);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[ByteCount];
        Write(bytes);
        Span<char> text = stackalloc char[3 * ByteCount - 1];
        for (var i = 0; i < ByteCount; i++)
        {
            if (i > 0)
            {
                text[3 * i - 1] = ':';
            }

            bytes[i].TryFormat(text[(3 * i)..], out _, "x2");
        }

        return text.ToString();
    }
}
