using Fabric.Datapath.Host.Loop;
using Fabric.Datapath.Host.PacketIo;
using Fabric.Datapath.Kernel.Punts;
using Fabric.Datapath.Shared;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.Cache;

/// <summary>What the kernel's programs send up to one worker: the packets of its ring, each held until it is its queue's turn. Owned by the worker.</summary>
internal sealed class PuntQueue : IPuntReceiver
{
    private const int PuntsPerRound = 256;
    private const int RoundsPerTurn = 16;

    // Few, since who comes next waits for them to be handled and sent.
    private const int PacketsPerRound = 8;

    private readonly EpollLoop _loop;
    private readonly SharedMemory _memory;
    private readonly PuntRing _ring;
    private readonly Descriptor _descriptor;
    private readonly HoldQueues _held;
    private readonly IPacketInput _input;
    private readonly Action _turnEnds;
    private bool _goesOn;
    private bool _isStopped;

    /// <param name="loop">The worker's.</param>
    /// <param name="memory">Says whose devices are.</param>
    /// <param name="ring">The worker's.</param>
    /// <param name="workers">Among whom the memory for packets that wait is divided.</param>
    /// <param name="input">Takes them.</param>
    /// <param name="turnEnds">Called when a batch has been handed on.</param>
    public PuntQueue(EpollLoop loop, SharedMemory memory, PuntRing ring, int workers, IPacketInput input, Action turnEnds)
    {
        _loop = loop;
        _memory = memory;
        _ring = ring;
        _descriptor = Descriptor.Borrow(ring.Descriptor);
        _held = new HoldQueues(memory.Host.Seed, HoldQueues.PacketsOf(workers));
        _input = input;
        _turnEnds = turnEnds;
    }

    /// <summary>Begins to hand on packets.</summary>
    /// <param name="left">Rings that an earlier process's workers left: what is in them comes first.</param>
    public void Start(IReadOnlyList<PuntRing> left)
    {
        foreach (var ring in left)
        {
            ring.Drain(int.MaxValue, this);
        }

        _loop.Watch(_descriptor, Drain);
        if (left.Count > 0)
        {
            GoOn();
        }
    }

    public void Stop()
    {
        _isStopped = true;
        _loop.Unwatch(_descriptor);
        _descriptor.Dispose();
    }

    /// <summary>Holds a packet of a ring until it is its queue's turn.</summary>
    public void Receive(in PuntHeader header, ref PacketBuffer frame)
    {
        var isUplink = _memory.Devices.Has(header.Device) && _memory.Devices[(int)header.Device].Role == DeviceRole.Uplink;
        var holder =
            isUplink && frame.Length > EthernetHeader.Size
                ? HoldQueueChoice.OfOuter(frame.Packet[EthernetHeader.Size..], _memory.Labels)
                : HoldQueueChoice.OfDevice(header.Device);
        if (_held.Add(holder, header.Device, frame.Packet) is { } dropped)
        {
            _input.Dropped(VifOf(dropped), DropReason.HoldQueueFull);
        }
    }

    /// <summary>Hands on a packet that came in by a device.</summary>
    public void HandOn(uint device, ref PacketBuffer frame, in PacketOffload offload) =>
        PuntInput.HandOn(_memory, device, ref frame, offload, _input);

    // Between rounds what has come meanwhile is sorted in: whoever has nothing waiting is served within a round.
    private void Drain()
    {
        _goesOn = false;
        for (var round = 0; round < RoundsPerTurn && !_isStopped; round++)
        {
            _ring.Drain(PuntsPerRound, this);
            if (_held.Count == 0)
            {
                return;
            }

            for (var i = 0; i < PacketsPerRound && _held.TryTake(out var device, out var frame); i++)
            {
                HandOn(device, ref frame, PacketOffload.None);
            }

            _turnEnds();
        }

        if (_held.Count > 0 && !_goesOn && !_isStopped)
        {
            GoOn();
        }
    }

    private void GoOn()
    {
        _goesOn = true;
        _loop.Post(static queue => queue.Drain(), this);
    }

    private uint? VifOf(uint device) =>
        _memory.Devices.Has(device) && _memory.Devices[(int)device] is { Role: DeviceRole.Vif } slot ? slot.Vif : null;
}
