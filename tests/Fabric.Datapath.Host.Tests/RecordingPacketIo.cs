using Fabric.Datapath.Host.Cache;
using Fabric.Datapath.Host.PacketIo;

namespace Fabric.Datapath.Host.Tests;

/// <summary>Packet I/O that only remembers what was wanted of it.</summary>
internal sealed class RecordingPacketIo : IPacketIo, IPacketOutput
{
    /// <summary>The workers that have started, with who takes their packets.</summary>
    public Dictionary<int, IPacketInput> Inputs { get; } = [];

    public List<PacketIoSettings> Settings { get; } = [];

    public PacketIoStatus Status { get; } = new(new PortStatus(Vif: null, "uplink", Problem: null, default), [], CacheStatus.Off("a test"));

    public IPacketOutput Start(int worker, IPacketInput input)
    {
        Inputs.Add(worker, input);
        return this;
    }

    public void Stop(int worker) => Inputs.Remove(worker);

    public void Configure(PacketIoSettings settings) => Settings.Add(settings);

    public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) { }

    public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) { }

    public void Dispose() { }
}
