using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Fabric.Wire.Packets;

/// <summary>The Internet checksum (RFC 1071): the complement of the ones' complement sum of 16-bit words; an odd last byte is padded with zero.</summary>
public static class InternetChecksum
{
    /// <summary>Adds bytes to a sum. Only the last part of a sum may have an odd length.</summary>
    public static uint Sum(ReadOnlySpan<byte> bytes, uint initial = 0)
    {
        // The sum does not depend on the word size or the byte order (RFC 1071 section 2), so it is taken over 64-bit words as they lie.
        ulong sum = 0;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (var word in words)
        {
            sum = AddWithCarry(sum, word);
        }

        var rest = bytes[(words.Length * sizeof(ulong))..];
        if (!rest.IsEmpty)
        {
            Span<byte> padded = stackalloc byte[sizeof(ulong)];
            padded.Clear();
            rest.CopyTo(padded);
            sum = AddWithCarry(sum, MemoryMarshal.Read<ulong>(padded));
        }

        var folded = Fold((sum & uint.MaxValue) + (sum >> 32));
        return initial + (BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(folded) : folded);
    }

    /// <summary>The sum of a TCP or UDP pseudo-header over IPv4 (RFC 9293 section 3.1, RFC 768).</summary>
    public static uint PseudoHeader(uint source, uint destination, byte protocol, int transportLength) =>
        (source >> 16) + (source & 0xFFFF) + (destination >> 16) + (destination & 0xFFFF) + protocol + (uint)transportLength;

    /// <summary>The value of the checksum field for a sum.</summary>
    public static ushort Finish(uint sum) => (ushort)~Fold(sum);

    public static ushort Compute(ReadOnlySpan<byte> bytes) => Finish(Sum(bytes));

    /// <summary>Whether bytes that include their checksum are intact.</summary>
    public static bool IsValid(ReadOnlySpan<byte> bytes, uint initial = 0) => Finish(Sum(bytes, initial)) == 0;

    /// <summary>The checksum after one 16-bit word of what it covers has changed (RFC 1624 section 3, equation 3).</summary>
    public static ushort Update(ushort checksum, ushort oldWord, ushort newWord) =>
        Finish((uint)(ushort)~checksum + (ushort)~oldWord + newWord);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddWithCarry(ulong sum, ulong word)
    {
        sum += word;
        return sum < word ? sum + 1 : sum;
    }

    private static ushort Fold(ulong sum)
    {
        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return (ushort)sum;
    }
}
