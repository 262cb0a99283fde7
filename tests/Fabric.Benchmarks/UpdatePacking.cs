using System.Buffers;
using BenchmarkDotNet.Attributes;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Benchmarks;

/// <summary>
/// Ten VPN-IPv4 routes of one set into an UPDATE: the set's bytes copied as the table keeps them, as reflection does it, and an object encoded,
/// as where a policy made it.
/// </summary>
public class UpdatePacking
{
    private readonly UpdateEncoding _encoding = new(fourOctetAs: true, extendedMessages: false);
    private readonly ArrayBufferWriter<byte> _output = new(MessageFrame.MaxBytes);

    private readonly byte[] _stored = StoredAttributes.Write(SampleRoutes.Attributes);

    [Benchmark(Baseline = true, OperationsPerInvoke = SampleRoutes.PerSet, Description = "a route advertised, set as stored")]
    public int AdvertiseStored()
    {
        _output.ResetWrittenCount();
        return UpdatePacker.Advertise<VpnNlri>(AddressFamily.Vpnv4, _stored, SampleRoutes.Routes, _encoding, _output).Messages;
    }

    [Benchmark(OperationsPerInvoke = SampleRoutes.PerSet, Description = "a route advertised, set an object")]
    public int Advertise()
    {
        _output.ResetWrittenCount();
        return UpdatePacker
            .Advertise<VpnNlri>(AddressFamily.Vpnv4, SampleRoutes.Attributes, SampleRoutes.Routes, _encoding, _output)
            .Messages;
    }

    [Benchmark(OperationsPerInvoke = SampleRoutes.PerSet, Description = "a route withdrawn")]
    public int Withdraw()
    {
        _output.ResetWrittenCount();
        return UpdatePacker.Withdraw<VpnNlri>(AddressFamily.Vpnv4, SampleRoutes.Routes, _encoding, _output).Messages;
    }
}
