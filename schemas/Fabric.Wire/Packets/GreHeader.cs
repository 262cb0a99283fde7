using System.Buffers.Binary;

namespace Fabric.Wire.Packets;

/// <summary>
/// A GRE header (RFC 2784) with the optional key (RFC 2890).
/// <code>
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-----------------+-----+-------------------------------+
/// |C|0|K|S|    reserved     | ver |         protocol type         |
/// +-+-+-+-+-----------------+-----+-------------------------------+
/// |       checksum, reserved, when C                              |
/// |       key, when K                                             |
/// </code>
/// </summary>
public readonly record struct GreHeader(ushort Protocol, int Length)
{
    /// <summary>Bytes of a header without options.</summary>
    public const int Size = 4;
    private const ushort ChecksumPresent = 0x8000;
    private const ushort KeyPresent = 0x2000;

    /// <summary>
    /// Reads the header; false when it is short, or has a flag other than C and K, a version other than 0, or a checksum that fails.
    /// The checksum covers the payload too, so <paramref name="bytes"/> ends with it.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out GreHeader gre)
    {
        gre = default;
        if (bytes.Length < Size)
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if ((flags & ~(ChecksumPresent | KeyPresent)) != 0)
        {
            return false;
        }

        var hasChecksum = (flags & ChecksumPresent) != 0;
        var length = Size + (hasChecksum ? 4 : 0) + ((flags & KeyPresent) != 0 ? 4 : 0);
        if (bytes.Length < length || (hasChecksum && !InternetChecksum.IsValid(bytes)))
        {
            return false;
        }

        gre = new GreHeader(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), length);
        return true;
    }

    /// <summary>Writes a header of four bytes, without options.</summary>
    public static void Write(Span<byte> bytes, ushort protocol)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, 0);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], protocol);
    }
}
