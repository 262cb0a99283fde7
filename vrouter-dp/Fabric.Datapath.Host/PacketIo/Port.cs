namespace Fabric.Datapath.Host.PacketIo;

/// <summary>A wanted device, and each worker's part of it. Owned by the first worker.</summary>
/// <param name="vif">The virtual interface; null for the uplink.</param>
/// <param name="deviceName">Its network device.</param>
/// <param name="workers">How many there are.</param>
/// <param name="beganAt">Of the virtual interface: <see cref="VifAttachment.BeganAt"/>.</param>
internal sealed class Port(uint? vif, string deviceName, int workers, long beganAt = 0)
{
    public uint? Vif => vif;

    /// <summary>Whether it is what is wanted for its virtual interface.</summary>
    public bool Is(VifAttachment wanted) => (vif, deviceName, beganAt) == (wanted.Vif, wanted.Device, wanted.BeganAt);

    /// <summary>In the log.</summary>
    public string Name { get; } = vif is { } number ? $"vif {number}" : "uplink";

    public string DeviceName => deviceName;

    public NetworkDevice Device { get; private set; }

    /// <summary>Packets flow: by the workers' sockets, or by the kernel's programs, which need one to be sent to by only.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>The sockets that the workers were given last.</summary>
    public PortSockets Sockets { get; private set; } = PortSockets.None;

    /// <summary>The workers' parts, each its worker's.</summary>
    public IReadOnlyList<PortLane> Lanes { get; } = [.. Enumerable.Range(0, workers).Select(_ => new PortLane(vif))];

    /// <summary>Why no packets flow; null when they do.</summary>
    public string? Problem { get; set; } = "not attached yet";

    public PortStatus Status =>
        new(vif, deviceName, Problem, Lanes.Aggregate(default(PortCounters), static (sum, lane) => sum + lane.Counters));

    public void Open(NetworkDevice device, PortSockets sockets)
    {
        Sockets = sockets;
        IsOpen = true;
        Device = device;
        Problem = null;
    }

    /// <summary>Nothing more comes by the listeners, whenever their workers close them: others may be opened at the device before.</summary>
    public void Close()
    {
        IsOpen = false;
        foreach (var listener in Sockets.Listeners)
        {
            listener.Mute();
        }

        Sockets = PortSockets.None;
    }
}
