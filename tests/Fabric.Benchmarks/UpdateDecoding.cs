using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Benchmarks;

/// <summary>
/// An UPDATE of ten VPN-IPv4 routes, read to the last route and to the attributes that a table keeps. Attributes in canonical form, as nearly
/// every speaker sends them, are taken as they are; others are parsed, unless the interner knows them.
/// </summary>
public class UpdateDecoding
{
    private readonly UpdateDecoder _decoder = new(
        new AttributeInterner(),
        new UpdateContext(FourOctetAs: true, IsInternal: true, [AddressFamily.Vpnv4])
    );
    private readonly SampleUpdate _canonical = SampleUpdate.Canonical();
    private readonly SampleUpdate _unordered = SampleUpdate.Unordered();

    [Benchmark(Baseline = true, OperationsPerInvoke = SampleRoutes.PerSet, Description = "a route, canonical")]
    public uint Canonical() => Decode(_canonical);

    [Benchmark(OperationsPerInvoke = SampleRoutes.PerSet, Description = "a route, canonical and new")]
    public uint NewCanonical()
    {
        _canonical.ChangeMed();
        return Decode(_canonical);
    }

    [Benchmark(OperationsPerInvoke = SampleRoutes.PerSet, Description = "a route, not canonical, interned")]
    public uint Interned() => Decode(_unordered);

    [Benchmark(OperationsPerInvoke = SampleRoutes.PerSet, Description = "a route, not canonical, new")]
    public uint New()
    {
        _unordered.ChangeMed();
        return Decode(_unordered);
    }

    private uint Decode(SampleUpdate update)
    {
        var sum = 0u;
        foreach (var block in _decoder.Decode(update.Body))
        {
            sum += BinaryPrimitives.ReadUInt32BigEndian(block.Received!.Stored);
            foreach (var route in block.VpnRoutes)
            {
                sum += route.Label.Value;
            }
        }

        return sum;
    }
}
