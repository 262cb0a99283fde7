using System.Buffers;
using BenchmarkDotNet.Attributes;
using Fabric.Primitives;
using Fabric.Wire.Xmpp;
using Fabric.Xmpp;

namespace Fabric.Benchmarks;

/// <summary>A route for agents: its item is encoded once, and written with the agent's name for each that wants it.</summary>
public class ItemEncoding
{
    private const string Vrf = "default-domain:acme:red:red";

    private readonly ArrayBufferWriter<byte> _output = new(65_536);
    private readonly NotificationEncoder _encoded = new();
    private readonly NotificationEncoder _encoder = new();
    private readonly UnicastItem _item = new()
    {
        Prefix = IpPrefix.Parse("10.1.0.3/32"),
        VirtualNetwork = "default-domain:acme:red",
        SecurityGroups = [8_000_000],
        LocalPreference = 100,
        NextHops =
        [
            new ItemNextHop
            {
                Address = IpAddress.Parse("198.18.0.1"),
                Label = 16,
                Encapsulations = TunnelEncapsulations.MplsOverGre | TunnelEncapsulations.MplsOverUdp,
                VirtualNetwork = "default-domain:acme:red",
            },
        ],
    };

    [GlobalSetup]
    public void Fill()
    {
        _encoded.Begin(AddressFamily.Ipv4Unicast, Vrf);
        for (var i = 0; i < SampleRoutes.PerSet; i++)
        {
            _encoded.Add(_item);
        }
    }

    [Benchmark(Description = "an item encoded")]
    public bool Encode()
    {
        _encoder.Begin(AddressFamily.Ipv4Unicast, Vrf);
        _encoder.Add(_item);
        return _encoder.IsEmpty;
    }

    [Benchmark(OperationsPerInvoke = SampleRoutes.PerSet, Description = "an item written for one agent")]
    public int Write()
    {
        _output.ResetWrittenCount();
        _encoded.WriteFor("host1.example", _output);
        return _output.WrittenCount;
    }
}
