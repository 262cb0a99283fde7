namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// A worker's part of a port: its sockets while there are some, and its counters, which outlive them. Owned by the worker; anyone reads the
/// counters.
/// </summary>
internal sealed class PortLane(uint? vif)
{
    private long _received;
    private long _receiveErrors;
    private long _missed;
    private long _sent;
    private long _sendErrors;

    public uint? Vif => vif;

    /// <summary>Where packets come from; null where the kernel's programs take them.</summary>
    public PacketSocket? Listener { get; private set; }

    /// <summary>
    /// Where frames go to; null for the uplink. One of its own, since the kernel tells whoever waits at a socket of each frame that has been
    /// sent.
    /// </summary>
    public PacketSocket? Sender { get; private set; }

    public PortCounters Counters =>
        new(
            Volatile.Read(ref _received),
            Volatile.Read(ref _receiveErrors),
            Volatile.Read(ref _missed),
            Volatile.Read(ref _sent),
            Volatile.Read(ref _sendErrors)
        );

    public void Open(PacketSocket? listener, PacketSocket? sender)
    {
        Listener = listener;
        Sender = sender;
    }

    public void Close()
    {
        CountMissed();
        Listener?.Dispose();
        Listener = null;
        Sender?.Dispose();
        Sender = null;
    }

    public void CountMissed() => _missed += Listener?.TakeMissed() ?? 0;

    public void CountReceived(int packets, int errors)
    {
        _received += packets;
        _receiveErrors += errors;
    }

    public void CountSent(bool taken) => CountSent(1, taken);

    /// <param name="packets">How many the kernel was given.</param>
    /// <param name="taken">It took them.</param>
    public void CountSent(int packets, bool taken)
    {
        if (taken)
        {
            _sent += packets;
        }
        else
        {
            _sendErrors += packets;
        }
    }
}
