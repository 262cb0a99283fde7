namespace Fabric.Datapath.Host.PacketIo;

/// <summary>A wanted device with its sockets while there are some, and its counters, which outlive them.</summary>
internal sealed class Port(uint? vif, string deviceName)
{
    private long _received;
    private long _receiveErrors;
    private long _missed;
    private long _sent;
    private long _sendErrors;

    public uint? Vif => vif;

    public string DeviceName => deviceName;

    public NetworkDevice Device { get; private set; }

    /// <summary>Packets flow: by the socket, or by the kernel's programs, which need one to be sent to by only.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Where packets come from; null where the kernel's programs take them.</summary>
    public PacketSocket? Listener { get; private set; }

    /// <summary>
    /// Where frames go to; null for the uplink. One of its own, since the kernel tells whoever waits at a socket of each frame that has been
    /// sent.
    /// </summary>
    public PacketSocket? Sender { get; private set; }

    /// <summary>Why no packets flow; null when they do.</summary>
    public string? Problem { get; set; } = "not attached yet";

    public PortStatus Status => new(vif, deviceName, Problem, new(_received, _receiveErrors, _missed, _sent, _sendErrors));

    public void Open(NetworkDevice device, PacketSocket? listener, PacketSocket? sender)
    {
        IsOpen = true;
        Device = device;
        Listener = listener;
        Sender = sender;
        Problem = null;
    }

    public void Close()
    {
        CountMissed();
        IsOpen = false;
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

    public void CountSent(int packets) => _sent += packets;

    public void CountSent(bool taken)
    {
        if (taken)
        {
            _sent++;
        }
        else
        {
            _sendErrors++;
        }
    }
}
