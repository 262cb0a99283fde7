using System.Buffers.Binary;

namespace Fabric.Datapath.Host.Tests.EndToEnd.Soak;

/// <summary>Content of numbered datagrams: the number (8 octets), then noise that follows from it. So each octet of each is known.</summary>
internal sealed class DatagramPattern
{
    public const int LeastSize = sizeof(ulong);

    private const int Largest = 2048;
    private const int Positions = 1 << 16;
    private readonly byte[] _noise = new byte[Positions + Largest];

    public DatagramPattern() => new Random(1).NextBytes(_noise);

    public void Write(ulong number, Span<byte> datagram)
    {
        BinaryPrimitives.WriteUInt64BigEndian(datagram, number);
        NoiseOf(number, datagram.Length).CopyTo(datagram[LeastSize..]);
    }

    /// <summary>The number of a datagram that is as it was sent; null for any other.</summary>
    public ulong? Read(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length is < LeastSize or > Largest)
        {
            return null;
        }

        var number = BinaryPrimitives.ReadUInt64BigEndian(datagram);
        return datagram[LeastSize..].SequenceEqual(NoiseOf(number, datagram.Length)) ? number : null;
    }

    private ReadOnlySpan<byte> NoiseOf(ulong number, int length) => _noise.AsSpan((int)(number * 7919 % Positions), length - LeastSize);
}
