using Fabric.Datapath;
using Fabric.Datapath.Host.Cache;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Simulation.Kernel;

namespace Fabric.Simulation.Packets;

/// <summary>
/// A data plane's packets in the simulator: frames of the host's VMs, packets of the underlay, divided among its workers by connections. Gone with its
/// data plane.
/// </summary>
internal sealed class SimPacketIo(SimScheduler scheduler, SimUnderlay underlay, IReadOnlyList<SimLoop> loops, Func<string, SimVm?> vmAt)
    : IPacketIo,
        IPacketOutput
{
    private readonly Dictionary<uint, string> _devices = [];
    private readonly IPacketInput?[] _inputs = new IPacketInput?[loops.Count];
    private uint _tunnelSource;

    public PacketIoStatus Status => new(new PortStatus(null, "underlay", null, default), [], CacheStatus.Off("a simulation"));

    public IPacketOutput Start(int worker, IPacketInput input)
    {
        _inputs[worker] = input;
        return this;
    }

    public void Stop(int worker) => _inputs[worker] = null;

    public void Configure(PacketIoSettings settings)
    {
        _devices.Clear();
        foreach (var vif in settings.Vifs)
        {
            _devices.Add(vif.Vif, vif.Device);
        }

        if (_tunnelSource != settings.TunnelSource)
        {
            _tunnelSource = settings.TunnelSource;
            underlay.Attach(_tunnelSource, FromUnderlay);
        }
    }

    public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload)
    {
        if (_devices.TryGetValue(vif, out var device))
        {
            var copy = frame.ToArray();
            scheduler.Schedule(TimeSpan.FromMicroseconds(10), () => vmAt(device)?.Receive(copy));
        }
    }

    public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => underlay.Send(outerIpv4Packet.ToArray());

    /// <summary>A frame from the VM behind a device; dropped where the data plane does not know the device.</summary>
    public void FromVm(string device, byte[] frame)
    {
        var worker = WorkerChoice.OfFrame(frame, loops.Count);
        loops[worker].Post(Take, (worker, device, frame));
    }

    public void Dispose()
    {
        if (_tunnelSource != 0)
        {
            underlay.Detach(_tunnelSource);
        }
    }

    private void FromUnderlay(byte[] packet)
    {
        var worker = WorkerChoice.OfTunnel(packet, loops.Count);
        loops[worker].Post(Take, (worker, packet));
    }

    private void Take((int Worker, string Device, byte[] Frame) sent)
    {
        foreach (var (vif, device) in _devices)
        {
            if (device == sent.Device)
            {
                var buffer = BufferOf(sent.Frame);
                _inputs[sent.Worker]?.FromVif(vif, ref buffer, PacketOffload.None);
                return;
            }
        }
    }

    private void Take((int Worker, byte[] Packet) sent)
    {
        var buffer = BufferOf(sent.Packet);
        _inputs[sent.Worker]?.FromUplink(ref buffer, PacketOffload.None);
    }

    private static PacketBuffer BufferOf(byte[] packet)
    {
        var storage = new byte[PacketBuffer.MinimumHeadroom + packet.Length];
        packet.CopyTo(storage, PacketBuffer.MinimumHeadroom);
        return new PacketBuffer(storage, PacketBuffer.MinimumHeadroom, packet.Length);
    }
}
