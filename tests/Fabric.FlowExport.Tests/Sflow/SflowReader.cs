using System.Buffers.Binary;

namespace Fabric.FlowExport.Tests.Sflow;

/// <summary>Adds up datagrams of an IPv4 agent as collectors do: of each flow sample the rate times the length.</summary>
internal sealed class SflowReader
{
    public ulong Packets { get; private set; }

    public ulong Octets { get; private set; }

    public void Read(ReadOnlySpan<byte> datagram)
    {
        var samples = datagram[28..];
        for (var left = Number(datagram, 24); left > 0; left--)
        {
            var length = (int)Number(samples, 4);
            var sample = samples.Slice(8, length);
            var rate = Number(sample, 8);

            // Behind eight numbers, the first record: its format, its octets, and the length of the packet.
            Packets += rate;
            Octets += unchecked(rate * Number(sample, 40));
            samples = samples[(8 + length)..];
        }

        Assert.That(samples.Length, Is.Zero);
    }

    private static uint Number(ReadOnlySpan<byte> octets, int at) => BinaryPrimitives.ReadUInt32BigEndian(octets[at..]);
}
