using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Packets;

/// <summary>EtherType values (IEEE 802 numbers registry).</summary>
public static class EtherType
{
    public const ushort Ipv4 = 0x0800;
    public const ushort Arp = 0x0806;
    public const ushort Ipv6 = 0x86DD;
    public const ushort MplsUnicast = 0x8847;
}

/// <summary>
/// An Ethernet II header (IEEE 802.3 clause 3).
/// <code>
///  0           6           12    14
/// +-----------+-----------+-----+
/// |destination|  source   |type |
/// +-----------+-----------+-----+
/// </code>
/// </summary>
public readonly ref struct EthernetHeader
{
    public const int Size = 14;

    private readonly ReadOnlySpan<byte> header;

    private EthernetHeader(ReadOnlySpan<byte> header) => this.header = header;

    public MacAddress Destination => MacAddress.Read(header);

    public MacAddress Source => MacAddress.Read(header[6..]);

    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(header[12..]);

    public static bool TryRead(ReadOnlySpan<byte> frame, out EthernetHeader ethernet)
    {
        ethernet = frame.Length < Size ? default : new EthernetHeader(frame[..Size]);
        return frame.Length >= Size;
    }

    public static void Write(Span<byte> frame, MacAddress destination, MacAddress source, ushort type)
    {
        destination.Write(frame);
        source.Write(frame[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], type);
    }
}
