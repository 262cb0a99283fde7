using System.Buffers.Binary;
using Fabric.Datapath.Host.Loop;
using Fabric.Datapath.Host.Netlink;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Kernel;
using Fabric.Datapath.Kernel.Punts;
using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.Cache;

/// <summary>
/// The kernel's programs at this host's ports (docs/decisions/0010): attaches them, hands on what they send up, and tells them how the far
/// ends of tunnels are reached. Owned by the worker loop.
/// </summary>
internal sealed class FlowCache : IPuntReceiver, IDisposable
{
    private const int PuntsPerRound = 256;
    private const int RoundsPerTurn = 16;
    private const int LargePuntsPerTurn = 32;

    // Few, since who comes next waits for them to be handled and sent.
    private const int PacketsPerRound = 8;
    private const string Veth = "veth";

    private readonly EpollLoop _loop;
    private readonly KernelCache _kernel;
    private readonly SharedDevices _devices;
    private readonly RouteNetlink _routes = new();
    private readonly PuntDevice _largePunts = new();
    private readonly Descriptor _ring;
    private readonly uint _missRate;
    private readonly HoldQueues _held;
    private bool _goesOn;
    private bool _isDisposed;
    private IPacketInput? _input;
    private Action? _turnEnds;

    /// <param name="loop">The owner.</param>
    /// <param name="kernel">The loaded programs; disposed with this.</param>
    /// <param name="missRate">Packets of one virtual interface that may come up in a second; 0: no limit.</param>
    /// <exception cref="IOException">The device for large packets cannot be made.</exception>
    public FlowCache(EpollLoop loop, KernelCache kernel, uint missRate)
    {
        _missRate = missRate;
        _loop = loop;
        _kernel = kernel;
        _devices = new SharedDevices(kernel.Memory);
        _ring = Descriptor.Borrow(kernel.Punts[0].Descriptor);
        _held = new HoldQueues(Memory.Host.Seed);
    }

    public SharedMemory Memory => _kernel.Memory;

    public CacheStatus Status => new(_kernel.HookKind, Problem: null, _kernel.TookOver, Totals());

    /// <summary>Begins to hand on packets.</summary>
    /// <param name="input">Takes them.</param>
    /// <param name="socket">Any socket of this network namespace, to set the punt device up with.</param>
    /// <param name="turnEnds">Called when a batch has been handed on.</param>
    public void Start(IPacketInput input, Descriptor socket, Action turnEnds)
    {
        _input = input;
        _turnEnds = turnEnds;
        _largePunts.Device.SetMtu(socket, PuntDevice.Mtu);
        _largePunts.Device.BringUp(socket);
        Memory.Host.PuntDevice = _largePunts.Device.Index;
        _loop.Watch(_ring, DrainRing);
        _loop.Watch(_largePunts.Descriptor, DrainDevice);
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

    /// <summary>Holds a packet of the ring until it is its sender's turn.</summary>
    public void Receive(in PuntHeader header, ref PacketBuffer frame)
    {
        var isUplink = Memory.Devices.Has(header.Device) && Memory.Devices[(int)header.Device].Role == DeviceRole.Uplink;
        var sender =
            isUplink && frame.Length > EthernetHeader.Size
                ? PuntSender.OfOuter(frame.Packet[EthernetHeader.Size..])
                : PuntSender.OfDevice(header.Device);
        if (_held.Add(sender, header.Device, frame.Packet) is { } dropped)
        {
            _input!.Dropped(VifOf(dropped), DropReason.HoldQueueFull);
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _loop.Unwatch(_ring);
        _loop.Unwatch(_largePunts.Descriptor);
        Memory.Host.PuntDevice = 0;
        _ring.Dispose();
        _largePunts.Dispose();
        _routes.Dispose();
        _kernel.Dispose();
    }

    // Between rounds what has come meanwhile is sorted in: a sender that has nothing waiting is served within a round.
    private void DrainRing()
    {
        _goesOn = false;
        for (var round = 0; round < RoundsPerTurn && !_isDisposed; round++)
        {
            _kernel.Punts[0].Drain(PuntsPerRound, this);
            if (_held.Count == 0)
            {
                return;
            }

            for (var i = 0; i < PacketsPerRound && _held.TryTake(out var device, out var frame); i++)
            {
                HandOn(device, ref frame, PacketOffload.None);
            }

            _turnEnds!();
        }

        if (_held.Count > 0 && !_goesOn && !_isDisposed)
        {
            _goesOn = true;
            _loop.Post(static cache => cache.DrainRing(), this);
        }
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

            HandOn(punt.Device, ref frame, offload);
        }

        _turnEnds!();
    }

    private void HandOn(uint device, ref PacketBuffer frame, in PacketOffload offload)
    {
        if (!Memory.Devices.Has(device))
        {
            return;
        }

        var slot = Memory.Devices[(int)device];
        switch (slot.Role)
        {
            case DeviceRole.Vif:
                _input!.FromVif(slot.Vif, ref frame, offload);
                break;
            case DeviceRole.Uplink when frame.Length >= EthernetHeader.Size:
                frame.Advance(EthernetHeader.Size);
                TunnelInput.HandOn(ref frame, offload.Behind(EthernetHeader.Size), _input!);
                break;
            default:
                break;
        }
    }

    private uint? VifOf(uint device) =>
        Memory.Devices.Has(device) && Memory.Devices[(int)device] is { Role: DeviceRole.Vif } slot ? slot.Vif : null;

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
