using System.Runtime.InteropServices;
using Fabric.Datapath.Host.Native;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Packets between ports and the pipeline: taken from a port's socket in batches, and sent in batches at the end of a turn. Owned by the worker
/// loop.
/// </summary>
internal sealed class PortTraffic : IDisposable
{
    private const int DestinationOffset = 16;

    private readonly IReadOnlyDictionary<uint, Port> _vifs;
    private readonly Port _uplink;
    private readonly ReceiveBatch _batch = new();
    private readonly SendBatch _sends = new();
    private readonly UnderlaySocket _underlay = new();
    private readonly SegmentCoalescer _coalescer;
    private IPacketInput? _input;

    /// <param name="vifs">The virtual interfaces' ports as they are; who owns this changes them.</param>
    /// <param name="uplink">The underlay's port.</param>
    /// <exception cref="IOException">The process lacks the rights for raw sockets.</exception>
    public PortTraffic(IReadOnlyDictionary<uint, Port> vifs, Port uplink)
    {
        _vifs = vifs;
        _uplink = uplink;
        _coalescer = new SegmentCoalescer(Send);
    }

    /// <summary>A socket of this network namespace.</summary>
    public Descriptor Underlay => _underlay.Descriptor;

    public void Start(IPacketInput input) => _input = input;

    public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => _coalescer.Add(vif, frame, offload);

    public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) =>
        _sends.Add(_uplink, _underlay.Descriptor, outerIpv4Packet, MemoryMarshal.Read<uint>(outerIpv4Packet[DestinationOffset..]));

    /// <summary>Hands on a batch of what a port's socket has.</summary>
    /// <param name="port">The port.</param>
    /// <param name="withHeader">A virtio_net_hdr stands before each frame.</param>
    public void Receive(Port port, bool withHeader)
    {
        if (port.Socket is not { } socket)
        {
            return;
        }

        var count = _batch.Receive(socket.Descriptor, withHeader);
        if (count < 0)
        {
            // A pending error is cleared by the call that reports it: a device set down (put right by the next reconciliation), or a
            // packet whose offload has no form in a virtio header. An empty queue is none.
            if (SystemError.Last is not (SystemError.TryAgain or SystemError.Interrupted))
            {
                port.CountReceived(packets: 0, errors: 1);
            }

            return;
        }

        var errors = 0;
        for (var i = 0; i < count; i++)
        {
            errors += TryHandOn(port, i) ? 0 : 1;
        }

        port.CountReceived(count - errors, errors);
        EndTurn();
    }

    /// <summary>Sends what the turn has made.</summary>
    public void EndTurn()
    {
        _coalescer.Flush();
        _sends.Flush();
    }

    public void Dispose()
    {
        _underlay.Dispose();
        _batch.Dispose();
        _sends.Dispose();
    }

    private bool TryHandOn(Port port, int number)
    {
        if (_batch.IsTruncated(number))
        {
            return false;
        }

        var packet = _batch.Packet(number);
        if (port.Vif is not { } vif)
        {
            _input!.FromUplink(ref packet);
            return true;
        }

        if (!_batch.Header(number).TryGetOffload(out var offload))
        {
            return false;
        }

        _input!.FromVif(vif, ref packet, offload);
        return true;
    }

    private void Send(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload)
    {
        if (!_vifs.TryGetValue(vif, out var port))
        {
            return;
        }

        if (port.Socket is { } socket)
        {
            _sends.Add(port, socket.Descriptor, frame, offload);
        }
        else
        {
            port.CountSent(taken: false);
        }
    }
}
