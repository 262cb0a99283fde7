using System.Buffers.Binary;

namespace Fabric.Wire.Packets;

/// <summary>IP protocol numbers (IANA).</summary>
public static class IpProtocol
{
    public const byte Icmp = 1;
    public const byte Tcp = 6;
    public const byte Udp = 17;
    public const byte Gre = 47;
    public const byte Sctp = 132;
}

/// <summary>
/// An IPv4 header (RFC 791 section 3.1).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+-------+---------------+-------------------------------+
/// |   4   |  IHL  | TOS           |          total length         |
/// +-------+-------+---------------+-----+-------------------------+
/// |         identification        |0|D|M|     fragment offset     |
/// +---------------+---------------+-----+-------------------------+
/// |      TTL      |    protocol   |        header checksum        |
/// +---------------+---------------+-------------------------------+
/// |                        source address                         |
/// |                      destination address                      |
/// |                      options, IHL > 5                         |
/// </code>
/// </summary>
public readonly ref struct Ipv4Header
{
    /// <summary>Bytes of a header without options.</summary>
    public const int Size = 20;
    public const ushort DontFragment = 0x4000;
    public const ushort MoreFragments = 0x2000;
    public const ushort OffsetMask = 0x1FFF;

    private readonly ReadOnlySpan<byte> header;

    private Ipv4Header(ReadOnlySpan<byte> header) => this.header = header;

    public int HeaderLength => header.Length;

    public int TotalLength => BinaryPrimitives.ReadUInt16BigEndian(header[2..]);

    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(header[4..]);

    public ushort FlagsAndOffset => BinaryPrimitives.ReadUInt16BigEndian(header[6..]);

    public bool HasDontFragment => (FlagsAndOffset & DontFragment) != 0;

    /// <summary>Where the payload belongs in that of the whole packet, in bytes.</summary>
    public int FragmentOffset => (FlagsAndOffset & OffsetMask) * 8;

    public bool IsFragment => (FlagsAndOffset & (MoreFragments | OffsetMask)) != 0;

    public byte TimeToLive => header[8];

    public byte Protocol => header[9];

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(header[10..]);

    public bool HasValidChecksum => InternetChecksum.IsValid(header);

    public uint Source => BinaryPrimitives.ReadUInt32BigEndian(header[12..]);

    public uint Destination => BinaryPrimitives.ReadUInt32BigEndian(header[16..]);

    public ReadOnlySpan<byte> Options => header[Size..];

    /// <summary>
    /// Reads the header of a packet whose total length lies within <paramref name="bytes"/>; further bytes are padding. The checksum is not
    /// verified here.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Ipv4Header ipv4)
    {
        ipv4 = default;
        if (bytes.Length < Size || bytes[0] >> 4 != 4)
        {
            return false;
        }

        var headerLength = (bytes[0] & 0xF) * 4;
        var totalLength = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (headerLength < Size || totalLength < headerLength || totalLength > bytes.Length)
        {
            return false;
        }

        ipv4 = new Ipv4Header(bytes[..headerLength]);
        return true;
    }

    /// <summary>Reads a header without its payload being there in full, as ICMP errors quote it.</summary>
    public static bool TryReadQuoted(ReadOnlySpan<byte> bytes, out Ipv4Header ipv4)
    {
        ipv4 = default;
        if (bytes.Length < Size || bytes[0] >> 4 != 4)
        {
            return false;
        }

        var headerLength = (bytes[0] & 0xF) * 4;
        if (headerLength < Size || headerLength > bytes.Length)
        {
            return false;
        }

        ipv4 = new Ipv4Header(bytes[..headerLength]);
        return true;
    }

    /// <summary>Writes a header of 20 bytes with its checksum; TOS is 0.</summary>
    public static void Write(
        Span<byte> bytes,
        int totalLength,
        ushort identification,
        ushort flagsAndOffset,
        byte timeToLive,
        byte protocol,
        uint source,
        uint destination
    )
    {
        bytes[0] = 0x45;
        bytes[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)totalLength);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], identification);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], flagsAndOffset);
        bytes[8] = timeToLive;
        bytes[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(bytes[12..], source);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[16..], destination);
        WriteChecksum(bytes[..Size]);
    }

    /// <summary>Fills in the checksum of a header with all else in place.</summary>
    public static void WriteChecksum(Span<byte> header)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Compute(header));
    }

    /// <summary>Takes one hop off the time to live and mends the checksum (RFC 1624). The time to live is not zero.</summary>
    public static void DecrementTimeToLive(Span<byte> header)
    {
        var old = BinaryPrimitives.ReadUInt16BigEndian(header[8..]);
        header[8]--;
        var checksum = BinaryPrimitives.ReadUInt16BigEndian(header[10..]);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Update(checksum, old, (ushort)(old - 0x100)));
    }
}
