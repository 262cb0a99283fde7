using System.Buffers.Binary;
using Fabric.Datapath.Host.Loop;
using Fabric.Datapath.Host.Netlink;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Kernel;
using Fabric.Datapath.Kernel.Punts;
using Fabric.Datapath.Shared;

namespace Fabric.Datapath.Host.Cache;

/// <summary>
/// The kernel's programs at this host's ports (docs/decisions/0010): attaches them, hands on what they send up, and tells them how the far
/// ends of tunnels are reached. The first worker's, but for what comes up to the others (<see cref="PuntQueue"/>).
/// </summary>
internal sealed class FlowCache : IDisposable
{
    private const int LargePuntsPerTurn = 32;
    private const string Veth = "veth";

    private readonly IReadOnlyList<EpollLoop> _loops;
    private readonly KernelCache _kernel;
    private readonly SharedDevices _devices;
    private readonly RouteNetlink _routes = new();
    private readonly PuntDevice _largePunts = new();
    private readonly uint _missRate;
    private readonly uint _underlayMissRate;
    private readonly PuntQueue?[] _queues;
    private Action? _turnEnds;

    /// <param name="loops">The workers'.</param>
    /// <param name="kernel">The loaded programs; disposed with this.</param>
    /// <param name="missRate">Packets of one virtual interface, and from the underlay to it, that may come up in a second; 0: no limit.</param>
    /// <param name="underlayMissRate">Packets of the underlay that lead to none and may come up in a second; 0: no limit.</param>
    /// <exception cref="IOException">The device for large packets cannot be made.</exception>
    public FlowCache(IReadOnlyList<EpollLoop> loops, KernelCache kernel, uint missRate, uint underlayMissRate)
    {
        _missRate = missRate;
        _underlayMissRate = underlayMissRate;
        _loops = loops;
        _kernel = kernel;
        _devices = new SharedDevices(kernel.Memory);
        _queues = new PuntQueue?[loops.Count];
    }

    public SharedMemory Memory => _kernel.Memory;

    public CacheStatus Status => new(_kernel.HookKind, Problem: null, _kernel.TookOver, Totals());

    /// <summary>Begins to hand on a worker's packets; on its loop.</summary>
    /// <param name="worker">Its number.</param>
    /// <param name="input">Takes them.</param>
    /// <param name="turnEnds">Called when a batch has been handed on.</param>
    public void Start(int worker, IPacketInput input, Action turnEnds)
    {
        var queue = new PuntQueue(_loops[worker], Memory, _kernel.Punts[worker], _loops.Count, input, turnEnds);
        _queues[worker] = queue;
        queue.Start(worker == 0 ? _kernel.Punts.Left : []);
        if (worker == 0)
        {
            _turnEnds = turnEnds;
        }
    }

    /// <summary>Hands a worker no more packets; on its loop.</summary>
    public void Stop(int worker) => _queues[worker]?.Stop();

    /// <summary>Begins to hand on what is too large for rings, to the first worker, which has started.</summary>
    /// <param name="socket">Any socket of this network namespace, to set the punt device up with.</param>
    public void StartDevice(Descriptor socket)
    {
        _largePunts.Device.SetMtu(socket, PuntDevice.Mtu);
        _largePunts.Device.BringUp(socket);
        Memory.Host.PuntDevice = _largePunts.Device.Index;
        _loops[0].Watch(_largePunts.Descriptor, DrainDevice);
    }

    /// <summary>Runs the program for a virtual interface at its device. Nothing of what was there before is lost meanwhile.</summary>
    /// <exception cref="KernelCacheException">The kernel refuses.</exception>
    public void AttachVif(uint vif, NetworkDevice device)
    {
        _devices.AttachVif(vif, device.Index, isPeer: _routes.FindKind(device.Index) is { Name: Veth, HasPeerElsewhere: true });
        _devices.LimitMisses(vif, _missRate);
        _kernel.AttachVif(device.Index);
    }

    /// <summary>Runs the program for packets of the underlay.</summary>
    /// <exception cref="KernelCacheException">The kernel refuses.</exception>
    public void AttachUplink(NetworkDevice device)
    {
        _devices.AttachUplink(device.Index);
        _devices.LimitMissesOfUnderlay(_underlayMissRate);
        _kernel.AttachUplink(device.Index);
    }

    /// <summary>Gives a device up.</summary>
    /// <param name="vif">The virtual interface that it belonged to; null for the uplink.</param>
    /// <param name="device">The device, which may be gone.</param>
    public void Detach(uint? vif, NetworkDevice device)
    {
        _kernel.Detach(device.Index);
        if (vif is { } id)
        {
            _devices.DetachVif(id);
        }
        else
        {
            _devices.Detach(device.Index);
        }
    }

    /// <summary>Takes a virtual interface from its device, where the program stays: it forwards nothing any more and lets nothing through.</summary>
    public void Release(uint vif) => _devices.DetachVif(vif);

    /// <summary>Gives up what an earlier process attached and nobody wants any more.</summary>
    public void Keep(IReadOnlySet<uint> devices)
    {
        foreach (var (index, _) in _kernel.Attached)
        {
            if (!devices.Contains(index))
            {
                _kernel.Detach(index);
                _devices.Detach(index);
            }
        }
    }

    /// <summary>Looks up how the far ends of tunnels are reached now; packets to those that are not come up, and the kernel's stack decides.</summary>
    public void Resolve(IEnumerable<TunnelAttachment> tunnels)
    {
        foreach (var tunnel in tunnels)
        {
            if (Memory.NextHops.Has(tunnel.NextHop))
            {
                Resolve(ref Memory.NextHops[(int)tunnel.NextHop], _routes.FindRoute(tunnel.Destination));
            }
        }
    }

    /// <summary>The workers have stopped.</summary>
    public void Dispose()
    {
        _loops[0].Unwatch(_largePunts.Descriptor);
        Memory.Host.PuntDevice = 0;
        _largePunts.Dispose();
        _routes.Dispose();
        _kernel.Dispose();
    }

    private void DrainDevice()
    {
        for (var i = 0; i < LargePuntsPerTurn && _largePunts.TryRead(out var punt, out var offload, out var frame); i++)
        {
            if (offload == PacketOffload.None)
            {
                // The note that a tunnelled packet's checksum is partial does not reach through the tunnel.
                PartialChecksum.CompleteFrame(frame.Packet);
            }

            _queues[0]!.HandOn(punt.Device, ref frame, offload);
        }

        _turnEnds!();
    }

    private static void Resolve(ref NextHopSlot slot, UnderlayRoute? route)
    {
        if (route is { } found)
        {
            slot.Resolve(BinaryPrimitives.ReverseEndianness(found.Neighbour), found.Device);
        }
        else
        {
            slot.Unresolve();
        }
    }

    private CacheTotals Totals()
    {
        CacheTotals sum = default;
        for (var lane = 0; lane < Memory.CacheCounters.Count; lane++)
        {
            ref readonly var counters = ref Memory.CacheCounters[lane];
            sum = new CacheTotals(
                sum.Hits + counters.Hits,
                sum.Misses + counters.Misses,
                sum.Stale + counters.Stale,
                sum.Exceptions + counters.Exceptions,
                sum.Lost + counters.PuntLost,
                sum.Limited + counters.MissLimited,
                sum.Made + counters.Made
            );
        }

        return sum with
        {
            Lost = sum.Lost + _largePunts.Device.CountLostOnTransmit(),
        };
    }
}
