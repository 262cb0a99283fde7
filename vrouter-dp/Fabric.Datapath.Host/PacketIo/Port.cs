namespace Fabric.Datapath.Host.PacketIo;

/// <summary>A wanted device with its socket while there is one, and its counters, which outlive the socket.</summary>
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

    public PacketSocket? Socket { get; private set; }

    /// <summary>Why no packets flow; null when they do.</summary>
    public string? Problem { get; set; } = "not attached yet";

    public PortStatus Status => new(vif, deviceName, Problem, new(_received, _receiveErrors, _missed, _sent, _sendErrors));

    public void Open(NetworkDevice device, PacketSocket? socket)
    {
        IsOpen = true;
        Device = device;
        Socket = socket;
        Problem = null;
    }

    public void Close()
    {
        CountMissed();
        IsOpen = false;
        Socket?.Dispose();
        Socket = null;
    }

    public void CountMissed() => _missed += Socket?.TakeMissed() ?? 0;

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
