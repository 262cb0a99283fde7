namespace Fabric.Fuzz.Engine;

/// <summary>A reader of a stream: gets all octets not yet consumed and says how many it took.</summary>
internal delegate int StreamReader(ReadOnlySpan<byte> bytes);

/// <summary>One end of a stream: keeps what its reader did not consume, and gives octets at once or in pieces.</summary>
internal sealed class Pieces(StreamReader reader)
{
    private byte[] _rest = [];

    public void Give(ReadOnlySpan<byte> bytes)
    {
        byte[] all = [.. _rest, .. bytes];
        var consumed = reader(all);
        Invariant.Holds(consumed >= 0 && consumed <= all.Length, $"{consumed} octets consumed of {all.Length}");
        _rest = all[consumed..];
    }

    public void GiveInPieces(ReadOnlySpan<byte> bytes, Random random)
    {
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(bytes.Length, random.Next(1, 1 + Math.Max(40, bytes.Length / 4)));
            Give(bytes[..length]);
            bytes = bytes[length..];
        }
    }
}
