using System.Buffers.Binary;
using System.Text.Unicode;
using Fabric.Primitives;

namespace Fabric.FlowExport;

/// <summary>Writes numbers in network order, one behind the other. Who makes it sees to it that there is room.</summary>
internal ref struct OctetWriter(Span<byte> octets)
{
    private readonly Span<byte> _octets = octets;

    public int Length { get; private set; }

    public void Octet(byte value) => _octets[Length++] = value;

    public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(sizeof(ushort)), value);

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(sizeof(uint)), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(sizeof(ulong)), value);

    /// <summary>4 or 16 octets; zeros where there is no address of that length.</summary>
    public void Address(IpAddress address, int length)
    {
        var room = Take(length);
        if (!address.IsNone && address.ByteCount == length)
        {
            address.Write(room);
        }
        else
        {
            room.Clear();
        }
    }

    public void Octets(scoped ReadOnlySpan<byte> octets) => octets.CopyTo(Take(octets.Length));

    /// <summary>UTF-8 behind an octet of its length (RFC 7011 section 7); text that is longer than <paramref name="most"/> octets is cut.</summary>
    public void Text(string? text, int most)
    {
        var length = Length++;
        Utf8.FromUtf16(text, _octets.Slice(Length, most), out _, out var written);
        _octets[length] = (byte)written;
        Length += written;
    }

    private Span<byte> Take(int count)
    {
        var room = _octets.Slice(Length, count);
        Length += count;
        return room;
    }
}
