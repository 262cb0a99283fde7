using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Fabric.Datapath.Host.Loop;
using Fabric.Datapath.Host.Native;
using Fabric.Runtime;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Packets between ports and a worker's pipeline: taken from a port's socket in batches, and sent in batches at the end of a turn. Owned by the
/// worker; the first one gives it sockets and takes them away, by messages.
/// </summary>
internal sealed class PortTraffic : IPacketOutput, IDisposable
{
    private const int PacketsPerTurn = 64;
    private const int DestinationOffset = 16;
    private const ushort EtherTypeVlan = 0x8100;

    private static readonly TimeSpan _renewInterval = TimeSpan.FromSeconds(1);

    private readonly EpollLoop _loop;
    private readonly Dictionary<uint, PortLane> _vifs = [];
    private readonly PortLane _uplink;
    private readonly LoopTimer _renewal;
    private readonly ReceiveBatch _batch = new();
    private readonly SendBatch _sends = new();
    private readonly UnderlaySocket _underlay = new();
    private readonly SegmentCoalescer _coalescer;
    private readonly DatagramTrains _trains;
    private readonly TrainSockets _trainSockets = new();
    private IPacketInput? _input;

    /// <param name="loop">The worker's.</param>
    /// <param name="uplink">The worker's part of the underlay's port.</param>
    /// <exception cref="IOException">The process lacks the rights for raw sockets.</exception>
    public PortTraffic(EpollLoop loop, PortLane uplink)
    {
        _loop = loop;
        _uplink = uplink;
        _renewal = new LoopTimer(loop, Renew);
        _coalescer = new SegmentCoalescer(Send);
        _trains = new DatagramTrains(Send, TrySendTrain);
    }

    /// <summary>A socket of this network namespace.</summary>
    public Descriptor Underlay => _underlay.Descriptor;

    public void Start(IPacketInput input)
    {
        _input = input;
        _renewal.Set(_renewInterval);
    }

    /// <summary>Takes a port's sockets.</summary>
    /// <param name="lane">The worker's part of the port.</param>
    /// <param name="listener">To receive by; null where the kernel's programs do.</param>
    /// <param name="sender">To send by; null for the uplink.</param>
    /// <param name="withHeader">A virtio_net_hdr stands before what the listener gives.</param>
    public void Open(PortLane lane, PacketSocket? listener, PacketSocket? sender, bool withHeader)
    {
        lane.Open(listener, sender);
        if (lane.Vif is { } vif)
        {
            _vifs[vif] = lane;
        }

        if (listener is not null)
        {
            _loop.Watch(listener.Descriptor, () => Receive(lane, withHeader));
        }
    }

    /// <summary>Closes the sockets of a port.</summary>
    public void Close(PortLane lane)
    {
        // What waits to be sent by them.
        EndTurn();
        if (lane.Listener is { } listener)
        {
            _loop.Unwatch(listener.Descriptor);
        }

        if (lane.Vif is { } vif && _vifs.GetValueOrDefault(vif) == lane)
        {
            _vifs.Remove(vif);
        }

        lane.Close();
    }

    public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => _coalescer.Add(vif, frame, offload);

    public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => _trains.Add(outerIpv4Packet);

    /// <summary>Sends what the turn has made.</summary>
    public void EndTurn()
    {
        _coalescer.Flush();
        _trains.Flush();
        _sends.Flush();
    }

    /// <summary>Closes all of them; on the worker's loop.</summary>
    public void Dispose()
    {
        _renewal.Dispose();
        foreach (var lane in _vifs.Values.Append(_uplink).ToList())
        {
            Close(lane);
        }

        _underlay.Dispose();
        _trainSockets.Dispose();
        _batch.Dispose();
        _sends.Dispose();
    }

    /// <summary>
    /// Hands on what a port's socket has, and what comes meanwhile, up to so much that no other port waits long; then sends what became of it.
    /// So trains form while there is much to do, and nothing waits for company when there is not.
    /// </summary>
    /// <param name="port">The port.</param>
    /// <param name="withHeader">A virtio_net_hdr stands before each frame.</param>
    private void Receive(PortLane port, bool withHeader)
    {
        for (var taken = 0; taken < PacketsPerTurn && port.Listener is { } listener; )
        {
            var count = _batch.Receive(listener.Descriptor, withHeader);
            if (count < 0)
            {
                // A pending error is cleared by the call that reports it: a device set down (put right by the next reconciliation), or a
                // packet whose offload has no form in a virtio header. An empty queue is none.
                if (SystemError.Last is not (SystemError.TryAgain or SystemError.Interrupted))
                {
                    port.CountReceived(packets: 0, errors: 1);
                }

                break;
            }

            HandOn(port, count, withHeader);
            taken += count;
        }

        EndTurn();
    }

    // Gives up what is not in use.
    private void Renew()
    {
        _trainSockets.Renew();
        foreach (var lane in _vifs.Values)
        {
            lane.CountMissed();
        }

        _uplink.CountMissed();
        _renewal.Set(_renewInterval);
    }

    private void HandOn(PortLane port, int count, bool withHeader)
    {
        var errors = 0;
        for (var i = 0; i < count; i++)
        {
            errors += TryHandOn(port, i, withHeader) ? 0 : 1;
        }

        port.CountReceived(count - errors, errors);
    }

    private bool TryHandOn(PortLane port, int number, bool withHeader)
    {
        if (_batch.IsTruncated(number))
        {
            return false;
        }

        var packet = _batch.Packet(number);
        if (!withHeader)
        {
            _input!.FromUplink(ref packet, PacketOffload.None);
            return true;
        }

        if (!_batch.Header(number).TryGetOffload(out var offload))
        {
            return false;
        }

        if (port.Vif is { } vif)
        {
            var isTagged = packet.Length == SocketFilter.TaggedLength;
            if (isTagged)
            {
                packet = WithTag(packet);
            }

            _input!.FromVif(vif, ref packet, isTagged ? PacketOffload.None : offload);
        }
        else
        {
            packet.Advance(EthernetHeader.Size);
            TunnelInput.HandOn(ref packet, offload.Behind(EthernetHeader.Size), _input!);
        }

        return true;
    }

    // What the pipeline would see if the kernel had left the tag where it was, as far as it looks: it counts why it takes none.
    private static PacketBuffer WithTag(PacketBuffer addresses)
    {
        var header = new PacketBuffer(addresses.Storage, addresses.Offset, EthernetHeader.Size);
        BinaryPrimitives.WriteUInt16BigEndian(header.Packet[SocketFilter.TaggedLength..], EtherTypeVlan);
        return header;
    }

    private void Send(ReadOnlySpan<byte> packet) =>
        _sends.Add(_uplink, _underlay.Descriptor, packet, MemoryMarshal.Read<uint>(packet[DestinationOffset..]));

    private bool TrySendTrain(ReadOnlySpan<byte> train, int segmentSize)
    {
        // What its flow sent before goes first.
        _sends.Flush();
        var fate = _trainSockets.Send(train, segmentSize);
        if (fate != TrainFate.Refused)
        {
            _uplink.CountSent(DatagramTrain.Count(train.Length, segmentSize), taken: fate == TrainFate.Sent);
        }

        return fate != TrainFate.Refused;
    }

    private void Send(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload)
    {
        if (!_vifs.TryGetValue(vif, out var port))
        {
            _input!.Dropped(vif, DropReason.NotDelivered);
            return;
        }

        if (port.Sender is { } sender)
        {
            _sends.Add(port, sender.Descriptor, frame, offload);
        }
        else
        {
            port.CountSent(taken: false);
        }
    }
}
