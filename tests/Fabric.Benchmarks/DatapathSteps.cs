using BenchmarkDotNet.Attributes;
using Fabric.Datapath;
using Fabric.Wire.Packets;
using Direction = Fabric.Model.Datapath.Direction;

namespace Fabric.Benchmarks;

/// <summary>What the data plane does to a packet, step by step: all of it without allocation.</summary>
public class DatapathSteps
{
    private const int Routes = 10_000;
    private readonly byte[] _packet = SampleDatapath.Frame[EthernetHeader.Size..];
    private readonly Lpm _lpm = new();
    private readonly AccessList _small = SampleDatapath.Rules(20);
    private readonly AccessList _large = SampleDatapath.Rules(10_000);
    private uint _address;

    public DatapathSteps()
    {
        for (var i = 0; i < Routes; i++)
        {
            _lpm.Set(AddressOf((uint)i), length: i % 2 == 0 ? 24 : 32, i);
        }
    }

    [Benchmark(Description = "parse a TCP packet")]
    public uint Parse()
    {
        PacketParser.Parse(_packet, out var facts);
        return facts.Destination;
    }

    [Benchmark(Description = "longest match among 10,000 routes")]
    public int LongestMatch() => _lpm.Lookup(AddressOf(_address++ % Routes));

    [Benchmark(Description = "classify by 20 rules")]
    public string? ClassifyBySmall() => Classify(_small, port: 1010);

    [Benchmark(Description = "classify by 10,000 rules")]
    public string? ClassifyByLarge() => Classify(_large, port: 9000);

    private static string? Classify(AccessList list, ushort port)
    {
        var ports = PortSpan.All;
        return list.Allows(
            Direction.Ingress,
            new PolicySubject(1, 2, IpProtocol.Tcp, HasPort: true, port),
            remoteAddress: 1,
            [],
            ref ports
        );
    }

    // Spread over the address space, so that lookups meet different nodes.
    private static uint AddressOf(uint number) => number * 0x9E37_79B1;
}
