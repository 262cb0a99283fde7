using System.Buffers.Binary;
using System.Numerics;

namespace Fabric.Streaming.Journal;

/// <summary>
/// Layout of a segment, a file named after its first sequence (twenty digits, ".journal"). Numbers are little-endian, times microseconds since 1970.
/// <code>
/// segment header, 24 octets              frame, 28 octets and more
///  0  magic "FABJRNL1"                    0  u32 length of all that follows the checksum
///  8  u64 first sequence                  4  u32 CRC-32C of all that follows it
/// 16  i64 time when it was begun          8  u64 sequence
///                                        16  i64 time when it was written
///                                        24  u16 length of the key
///                                        26  u16 flags: 1 the payload is protobuf, 2 last row of its key
///                                        28  key, then payload
/// </code>
/// Sequences rise, not always by one. A frame that is cut off or whose checksum is wrong ends its segment.
/// </summary>
internal static class JournalFormat
{
    public const int SegmentHeaderLength = 24;
    public const int FrameHeaderLength = 28;

    /// <summary>Largest frame: below the 1,000,000 octets that a Kafka broker takes unless it is told otherwise.</summary>
    public const int MaxFrameLength = 768 * 1024;

    private const int CheckedOffset = 8;
    private const int MinCheckedLength = FrameHeaderLength - CheckedOffset;

    private static ReadOnlySpan<byte> Magic => "FABJRNL1"u8;

    public static void WriteSegmentHeader(Span<byte> destination, ulong firstSequence, long begun)
    {
        Magic.CopyTo(destination);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], firstSequence);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], begun);
    }

    /// <returns>False: this is no segment that begins with <paramref name="firstSequence"/>.</returns>
    public static bool TryReadSegmentHeader(ReadOnlySpan<byte> source, ulong firstSequence, out long begun)
    {
        begun = 0;
        if (
            source.Length < SegmentHeaderLength
            || !source.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt64LittleEndian(source[8..]) != firstSequence
        )
        {
            return false;
        }

        begun = BinaryPrimitives.ReadInt64LittleEndian(source[16..]);
        return true;
    }

    public static int FrameLength(int key, int payload) => FrameHeaderLength + key + payload;

    /// <summary>Writes a frame of <see cref="FrameLength"/> octets.</summary>
    public static void WriteFrame(Span<byte> frame, in JournalRecord record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - CheckedOffset);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[8..], record.Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], record.Time);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[24..], (ushort)record.Key.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(frame[26..], (ushort)record.Flags);
        record.Key.CopyTo(frame[FrameHeaderLength..]);
        record.Payload.CopyTo(frame[(FrameHeaderLength + record.Key.Length)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Checksum(frame[CheckedOffset..]));
    }

    /// <summary>Reads the frame at the start of <paramref name="source"/>.</summary>
    /// <param name="length">Octets of the frame; where more are needed, how many that are in all.</param>
    public static FrameOutcome ReadFrame(ReadOnlySpan<byte> source, out JournalRecord record, out int length)
    {
        record = default;
        length = FrameHeaderLength;
        if (source.Length < FrameHeaderLength)
        {
            return FrameOutcome.Incomplete;
        }

        var checkedLength = BinaryPrimitives.ReadUInt32LittleEndian(source);
        if (checkedLength is < MinCheckedLength or > MaxFrameLength - CheckedOffset)
        {
            return FrameOutcome.Invalid;
        }

        length = CheckedOffset + (int)checkedLength;
        if (source.Length < length)
        {
            return FrameOutcome.Incomplete;
        }

        var frame = source[..length];
        var keyLength = BinaryPrimitives.ReadUInt16LittleEndian(frame[24..]);
        if (
            FrameHeaderLength + keyLength > length
            || BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) != Checksum(frame[CheckedOffset..])
        )
        {
            return FrameOutcome.Invalid;
        }

        record = new JournalRecord
        {
            Sequence = BinaryPrimitives.ReadUInt64LittleEndian(frame[8..]),
            Time = BinaryPrimitives.ReadInt64LittleEndian(frame[16..]),
            Flags = (RecordFlags)BinaryPrimitives.ReadUInt16LittleEndian(frame[26..]),
            Key = frame.Slice(FrameHeaderLength, keyLength),
            Payload = frame[(FrameHeaderLength + keyLength)..],
        };
        return FrameOutcome.Complete;
    }

    /// <summary>CRC-32C (RFC 3720 section B.4), with the processor's instruction.</summary>
    public static uint Checksum(ReadOnlySpan<byte> octets)
    {
        var crc = uint.MaxValue;
        while (octets.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(octets));
            octets = octets[sizeof(ulong)..];
        }

        foreach (var octet in octets)
        {
            crc = BitOperations.Crc32C(crc, octet);
        }

        return ~crc;
    }
}

internal enum FrameOutcome
{
    Complete,
    Incomplete,
    Invalid,
}
