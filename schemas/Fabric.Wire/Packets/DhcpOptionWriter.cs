using System.Buffers.Binary;
using System.Text;
using Fabric.Primitives;

namespace Fabric.Wire.Packets;

/// <summary>
/// Writes DHCP options one after the other. An option that does not fit is left out, so that those before it stay whole. One of more than 255 bytes
/// is written as several of its code, which the reader joins (RFC 3396 section 5).
/// </summary>
public ref struct DhcpOptionWriter(Span<byte> options)
{
    private const int HeaderSize = 2;
    private readonly Span<byte> options = options;

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes that the value of one more option may have.</summary>
    public readonly int LargestValue =>
        Math.DivRem(Left, HeaderSize + byte.MaxValue, out var rest) * byte.MaxValue + Math.Max(0, rest - HeaderSize);

    // One byte is kept for END.
    private readonly int Left => options.Length - Length - 1;

    public void Write(DhcpOption code, byte value) => Write(code, [value]);

    public void Write(DhcpOption code, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, value);
        Write(code, bytes);
    }

    public void Write(DhcpOption code, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        Write(code, bytes);
    }

    /// <summary>Writes ASCII text of at most 255 characters; longer text is cut.</summary>
    public void Write(DhcpOption code, string text)
    {
        Span<byte> bytes = stackalloc byte[255];
        var characters = Math.Min(text.Length, bytes.Length);
        Encoding.ASCII.GetBytes(text.AsSpan(0, characters), bytes);
        Write(code, bytes[..characters]);
    }

    public void Write(DhcpOption code, scoped ReadOnlySpan<byte> value)
    {
        if (Left < HeaderSize || value.Length > LargestValue)
        {
            return;
        }

        do
        {
            var part = value[..Math.Min(value.Length, byte.MaxValue)];
            options[Length] = (byte)code;
            options[Length + 1] = (byte)part.Length;
            part.CopyTo(options[(Length + HeaderSize)..]);
            Length += HeaderSize + part.Length;
            value = value[part.Length..];
        } while (!value.IsEmpty);
    }

    public void WriteEnd() => options[Length++] = (byte)DhcpOption.End;

    /// <summary>
    /// Writes a route of option 121 (RFC 3442): the prefix length, only as many bytes of the prefix as it needs, the router. Returns how many
    /// bytes, at most nine.
    /// </summary>
    public static int WriteClasslessRoute(Span<byte> bytes, uint prefix, int length, uint router)
    {
        Span<byte> address = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(address, prefix & IpPrefix.MaskIpv4(length));
        var significant = (length + 7) / 8;
        bytes[0] = (byte)length;
        address[..significant].CopyTo(bytes[1..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[(1 + significant)..], router);
        return 5 + significant;
    }
}
