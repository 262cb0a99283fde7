using System.Runtime.InteropServices;
using Fabric.Datapath.Host.Native;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Packets between ports and the pipeline: taken from a port's socket in batches, and sent in batches at the end of a turn. Owned by the worker
/// loop.
/// </summary>
internal sealed class PortTraffic : IDisposable
{
    private const int PacketsPerTurn = 64;
    private const int DestinationOffset = 16;

    private readonly IReadOnlyDictionary<uint, Port> _vifs;
    private readonly Port _uplink;
    private readonly ReceiveBatch _batch = new();
    private readonly SendBatch _sends = new();
    private readonly UnderlaySocket _underlay = new();
    private readonly SegmentCoalescer _coalescer;
    private readonly DatagramTrains _trains;
    private readonly TrainSockets _trainSockets = new();
    private IPacketInput? _input;

    /// <param name="vifs">The virtual interfaces' ports as they are; who owns this changes them.</param>
    /// <param name="uplink">The underlay's port.</param>
    /// <exception cref="IOException">The process lacks the rights for raw sockets.</exception>
    public PortTraffic(IReadOnlyDictionary<uint, Port> vifs, Port uplink)
    {
        _vifs = vifs;
        _uplink = uplink;
        _coalescer = new SegmentCoalescer(Send);
        _trains = new DatagramTrains(Send, TrySendTrain);
    }

    /// <summary>A socket of this network namespace.</summary>
    public Descriptor Underlay => _underlay.Descriptor;

    public void Start(IPacketInput input) => _input = input;

    public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => _coalescer.Add(vif, frame, offload);

    public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => _trains.Add(outerIpv4Packet);

    /// <summary>Gives up what is not in use; called each second or so.</summary>
    public void Renew() => _trainSockets.Renew();

    /// <summary>
    /// Hands on what a port's socket has, and what comes meanwhile, up to so much that no other port waits long; then sends what became of it.
    /// So trains form while there is much to do, and nothing waits for company when there is not.
    /// </summary>
    /// <param name="port">The port.</param>
    /// <param name="withHeader">A virtio_net_hdr stands before each frame.</param>
    public void Receive(Port port, bool withHeader)
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

    /// <summary>Sends what the turn has made.</summary>
    public void EndTurn()
    {
        _coalescer.Flush();
        _trains.Flush();
        _sends.Flush();
    }

    public void Dispose()
    {
        _underlay.Dispose();
        _trainSockets.Dispose();
        _batch.Dispose();
        _sends.Dispose();
    }

    private void HandOn(Port port, int count, bool withHeader)
    {
        var errors = 0;
        for (var i = 0; i < count; i++)
        {
            errors += TryHandOn(port, i, withHeader) ? 0 : 1;
        }

        port.CountReceived(count - errors, errors);
    }

    private bool TryHandOn(Port port, int number, bool withHeader)
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
            _input!.FromVif(vif, ref packet, offload);
        }
        else
        {
            packet.Advance(EthernetHeader.Size);
            TunnelInput.HandOn(ref packet, offload.Behind(EthernetHeader.Size), _input!);
        }

        return true;
    }

    private void Send(ReadOnlySpan<byte> packet) =>
        _sends.Add(_uplink, _underlay.Descriptor, packet, MemoryMarshal.Read<uint>(packet[DestinationOffset..]));

    private bool TrySendTrain(ReadOnlySpan<byte> train, int segmentSize)
    {
        // What its flow sent before goes first.
        _sends.Flush();
        var isSent = _trainSockets.TrySend(train, segmentSize);
        if (isSent)
        {
            _uplink.CountSent(DatagramTrain.Count(train.Length, segmentSize));
        }

        return isSent;
    }

    private void Send(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload)
    {
        if (!_vifs.TryGetValue(vif, out var port))
        {
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
