using System.Buffers.Binary;

namespace Fabric.Wire.Packets;

/// <summary>
/// A UDP header (RFC 768).
/// <code>
///  0           2           4       6         8
/// +-----------+-----------+-------+---------+
/// |source port|dest. port |length |checksum |
/// +-----------+-----------+-------+---------+
/// </code>
/// </summary>
public readonly ref struct UdpHeader
{
    public const int Size = 8;
    public const int ChecksumOffset = 6;

    private readonly ReadOnlySpan<byte> header;

    private UdpHeader(ReadOnlySpan<byte> header) => this.header = header;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(header);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(header[2..]);

    public int Length => BinaryPrimitives.ReadUInt16BigEndian(header[4..]);

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(header[ChecksumOffset..]);

    /// <summary>Reads the header; its length need not lie within the bytes (a fragment's head, a quotation), so compare it before use.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out UdpHeader udp)
    {
        udp = bytes.Length < Size ? default : new UdpHeader(bytes[..Size]);
        return bytes.Length >= Size && udp.Length >= Size;
    }

    /// <summary>Writes the header before a payload that is in place and fills in the checksum of both.</summary>
    public static void Write(Span<byte> datagram, ushort sourcePort, ushort destinationPort, uint source, uint destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)datagram.Length);
        WriteChecksum(datagram, source, destination);
    }

    public static void WriteChecksum(Span<byte> datagram, uint source, uint destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(datagram[ChecksumOffset..], 0);
        var sum = InternetChecksum.PseudoHeader(source, destination, IpProtocol.Udp, datagram.Length);
        var checksum = InternetChecksum.Finish(InternetChecksum.Sum(datagram, sum));
        // Zero means "no checksum"; a sum that comes out as zero is sent as its other form.
        BinaryPrimitives.WriteUInt16BigEndian(datagram[ChecksumOffset..], checksum == 0 ? ushort.MaxValue : checksum);
    }
}
