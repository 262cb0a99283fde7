using BenchmarkDotNet.Attributes;
using Fabric.Datapath;
using Fabric.Datapath.Shared;
using Fabric.Model.Datapath;

namespace Fabric.Benchmarks;

/// <summary>A packet through the whole pipeline, from its VM into a tunnel: of an established flow, or without policy and so without a flow.</summary>
public class PacketForwarding : IPacketOutput
{
    private readonly Pipeline _pipeline = new(SharedMemory.Allocate(new SharedSizes(1024), seed: 1), new PipelineOptions());
    private readonly byte[] _storage = new byte[PacketBuffer.MinimumHeadroom + SampleDatapath.Frame.Length];
    private int _sent;

    [Params(TunnelKind.MplsOverGre, TunnelKind.MplsOverUdp)]
    public TunnelKind Tunnel { get; set; }

    [Params(true, false)]
    public bool HasPolicy { get; set; }

    [GlobalSetup]
    public void Configure()
    {
        if (_pipeline.Tables.Apply(SampleDatapath.Snapshot(Tunnel, HasPolicy)) is { } fault)
        {
            throw new InvalidOperationException(fault);
        }
    }

    [Benchmark(Description = "forward a packet")]
    public int Forward()
    {
        SampleDatapath.Frame.CopyTo(_storage, PacketBuffer.MinimumHeadroom);
        var buffer = new PacketBuffer(_storage, PacketBuffer.MinimumHeadroom, SampleDatapath.Frame.Length);
        _pipeline.FromVif(1, ref buffer, PacketOffload.None, nowMilliseconds: 1, this);
        return _sent;
    }

    void IPacketOutput.ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) =>
        throw new InvalidOperationException("the route leads into a tunnel");

    void IPacketOutput.ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => _sent++;
}
