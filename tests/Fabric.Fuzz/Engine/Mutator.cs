using System.Buffers.Binary;

namespace Fabric.Fuzz.Engine;

/// <summary>Changes good input into bad input, as far as possible into input that is nearly good. The same random numbers make the same changes.</summary>
internal sealed class Mutator(Random random, IReadOnlyList<byte[]> corpus)
{
    private const int MaxInput = 8192;
    private static readonly byte[] s_edges = [0, 1, 2, 3, 4, 0x1F, 0x20, 0x7F, 0x80, 0x81, 0xFE, 0xFF];

    /// <summary>One to six changes.</summary>
    public byte[] Mutate(byte[] input)
    {
        var output = (byte[])input.Clone();
        for (var changes = random.Next(1, 1 + random.Next(1, 7)); changes > 0; changes--)
        {
            output = Change(output);
        }

        return output.Length <= MaxInput ? output : output[..MaxInput];
    }

    private byte[] Change(byte[] input) =>
        random.Next(11) switch
        {
            0 or 1 => With(input, (span, at) => span[at] ^= (byte)(1 << random.Next(8))),
            2 => With(input, (span, at) => span[at] = (byte)random.Next(256)),
            3 => With(input, (span, at) => span[at] = s_edges[random.Next(s_edges.Length)]),
            4 or 5 => With(input, WriteLength),
            6 => input[..random.Next(input.Length + 1)],
            7 => Splice(input, Slice(input)),
            8 => Splice(input, Slice(corpus[random.Next(corpus.Count)])),
            9 => Delete(input),
            _ => [.. input, .. Slice(corpus[random.Next(corpus.Count)])],
        };

    private byte[] With(byte[] input, Action<Span<byte>, int> change)
    {
        if (input.Length > 0)
        {
            change(input, random.Next(input.Length));
        }

        return input;
    }

    /// <summary>A length of the octets that are left, or just beside it, in one, two or four octets.</summary>
    private void WriteLength(Span<byte> input, int at)
    {
        var rest = input.Length - at;
        var value = random.Next(8) switch
        {
            0 => 0,
            1 => rest,
            2 => rest - 1,
            3 => rest + 1,
            4 => rest - random.Next(rest),
            5 => int.MaxValue,
            6 => input.Length,
            _ => -1,
        };
        switch (random.Next(3))
        {
            case 0:
                input[at] = (byte)value;
                break;
            case 1 when rest >= 2:
                BinaryPrimitives.WriteUInt16BigEndian(input[at..], (ushort)value);
                break;
            case 2 when rest >= 4:
                BinaryPrimitives.WriteInt32BigEndian(input[at..], value);
                break;
        }
    }

    private byte[] Splice(byte[] input, byte[] piece)
    {
        var at = random.Next(input.Length + 1);
        return random.Next(2) == 0 || at + piece.Length > input.Length
            ? [.. input[..at], .. piece, .. input[at..]]
            : [.. input[..at], .. piece, .. input[(at + piece.Length)..]];
    }

    private byte[] Delete(byte[] input)
    {
        var start = random.Next(input.Length + 1);
        var end = Math.Min(input.Length, start + random.Next(1, 64));
        return [.. input[..start], .. input[end..]];
    }

    private byte[] Slice(byte[] input)
    {
        var start = random.Next(input.Length + 1);
        return input[start..Math.Min(input.Length, start + random.Next(1, 200))];
    }
}
