namespace Fabric.Datapath;

/// <summary>
/// A packet inside a larger buffer, so that headers are put on and taken off without a copy. The host gives at least
/// <see cref="MinimumHeadroom"/> bytes before <see cref="Offset"/>: room for the outer IPv4, GRE and MPLS headers or an Ethernet header.
/// </summary>
/// <exception cref="ArgumentOutOfRangeException">The packet does not lie inside the storage.</exception>
public ref struct PacketBuffer
{
    public const int MinimumHeadroom = 64;

    public PacketBuffer(Span<byte> storage, int offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + length, storage.Length);
        Storage = storage;
        Offset = offset;
        Length = length;
    }

    public Span<byte> Storage { get; }

    public int Offset { get; private set; }

    public int Length { get; private set; }

    public readonly Span<byte> Packet => Storage.Slice(Offset, Length);

    /// <summary>Makes room for <paramref name="count"/> bytes at the front; their content is whatever the storage held.</summary>
    public void Prepend(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Offset);
        Offset -= count;
        Length += count;
    }

    /// <summary>Takes <paramref name="count"/> bytes off the front.</summary>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length);
        Offset += count;
        Length -= count;
    }

    /// <summary>Cuts the end, so that <paramref name="length"/> bytes remain.</summary>
    public void Trim(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }
}
