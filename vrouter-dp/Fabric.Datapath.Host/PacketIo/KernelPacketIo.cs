using Fabric.Datapath.Host.Cache;
using Fabric.Datapath.Host.Guard;
using Fabric.Datapath.Host.Loop;
using Fabric.Datapath.Host.Netlink;
using Fabric.Datapath.Kernel;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// Packets through the kernel: its programs at the vifs and at the uplink where it has them, else packet sockets there; a raw IPv4 socket
/// towards the underlay. Owned by the worker loop. Each second, and whenever a network device changes, the ports are made what is wanted,
/// in this order: find the device, have it guarded, set it up, attach the program or open the socket. So no frame of a VM is ever open to
/// the host's own stack.
/// </summary>
public sealed partial class KernelPacketIo : IPacketIo
{
    private const int ReconciliationsPerRefresh = 10;
    private static readonly TimeSpan _reconcileInterval = TimeSpan.FromSeconds(1);

    private readonly EpollLoop _loop;
    private readonly string _node;
    private readonly ILogger _logger;
    private readonly HostGuard _guard;
    private readonly LoopTimer _timer;
    private readonly FlowCache? _cache;
    private readonly string _cacheProblem;
    private readonly NetworkMonitor _network = new();
    private readonly PortTraffic _traffic;
    private readonly Dictionary<uint, Port> _vifs = [];
    private readonly Port _uplink;
    private readonly HashSet<NetworkDevice> _released = [];
    private PacketIoSettings? _settings;
    private string? _loggedGuardProblem;
    private int _reconciliations;

    /// <param name="loop">The worker loop.</param>
    /// <param name="node">Names the guard's table.</param>
    /// <param name="uplink">The underlay's device.</param>
    /// <param name="logger">Hears of ports that open and of what keeps them from it.</param>
    /// <param name="cache">The kernel's programs; null where there are none.</param>
    /// <param name="cacheProblem">Why there are none.</param>
    /// <exception cref="IOException">The process lacks the rights for raw sockets.</exception>
    internal KernelPacketIo(EpollLoop loop, string node, string uplink, ILogger logger, FlowCache? cache, string cacheProblem)
    {
        _cache = cache;
        _cacheProblem = cacheProblem;
        _loop = loop;
        _node = node;
        _logger = logger;
        _uplink = new Port(vif: null, uplink);
        _traffic = new PortTraffic(_vifs, _uplink);
        _guard = new HostGuard(loop, NftCommand.RunAsync, Reconcile);
        _timer = new LoopTimer(loop, Tick);
    }

    public PacketIoStatus Status =>
        new(
            _uplink.Status,
            _vifs.OrderBy(static vif => vif.Key).Select(static vif => vif.Value.Status).ToEquatableArray(),
            _cache?.Status ?? CacheStatus.Off(_cacheProblem)
        );

    public void Start(IPacketInput input)
    {
        _traffic.Start(input);
        _cache?.Start(input, _traffic.Underlay, _traffic.EndTurn);
        _loop.Watch(
            _network.Descriptor,
            () =>
            {
                _network.Drain();
                Reconcile();
            }
        );
        _timer.Set(_reconcileInterval);
    }

    public void Configure(PacketIoSettings settings)
    {
        if (settings == _settings)
        {
            return;
        }

        if (settings.TunnelSource != _settings?.TunnelSource)
        {
            Close(_uplink);
        }

        _settings = settings;
        var wanted = settings.Vifs.ToDictionary(static vif => vif.Vif, static vif => vif.Device);
        foreach (var (vif, port) in _vifs.ToList())
        {
            if (!wanted.TryGetValue(vif, out var device) || device != port.DeviceName)
            {
                Release(port);
                _vifs.Remove(vif);
            }
        }

        foreach (var (vif, device) in wanted)
        {
            _vifs.TryAdd(vif, new Port(vif, device));
        }

        Reconcile();
    }

    public void ToVif(uint vif, ReadOnlySpan<byte> frame, in PacketOffload offload) => _traffic.ToVif(vif, frame, offload);

    public void ToUplink(ReadOnlySpan<byte> outerIpv4Packet) => _traffic.ToUplink(outerIpv4Packet);

    public void Dispose()
    {
        _timer.Dispose();
        foreach (var port in _vifs.Values.Append(_uplink))
        {
            CloseSocket(port);
        }

        // What is attached stays: established flows do not notice that this process ends.
        _cache?.Dispose();
        _loop.Unwatch(_network.Descriptor);
        _network.Dispose();
        _traffic.Dispose();
    }

    private void Tick()
    {
        Reconcile();
        _traffic.Renew();
        if (++_reconciliations % ReconciliationsPerRefresh == 0)
        {
            _guard.Refresh();
        }

        _timer.Set(_reconcileInterval);
    }

    private void Reconcile()
    {
        if (_settings is null)
        {
            // Nothing is known to be wanted yet. What an earlier process guarded stays guarded.
            return;
        }

        var uplink = NetworkDevice.Find(_uplink.DeviceName);
        var devices = new Dictionary<uint, NetworkDevice>();
        foreach (var port in _vifs.Values.OrderBy(static port => port.Vif))
        {
            port.CountMissed();
            if (FindDevice(port, uplink, devices.Values) is { } device)
            {
                devices.Add(port.Vif!.Value, device);
            }
        }

        _uplink.CountMissed();
        _released.RemoveWhere(device => NetworkDevice.Find(device.Name) != device || devices.ContainsValue(device));
        _guard.Want(new GuardRules(_node, devices.Values.Concat(_released).ToEquatableArray(), uplink, _settings.TunnelSource));
        LogGuardProblem();
        foreach (var (vif, device) in devices)
        {
            OpenVif(_vifs[vif], device);
        }

        OpenUplink(uplink, _settings.TunnelSource);
        _cache?.Keep(devices.Values.Concat(_released).Append(uplink ?? default).Select(static device => device.Index).ToHashSet());
        _cache?.Resolve(_settings.Tunnels);
    }

    /// <summary>The device that a vif is to have now; a port whose device went or was replaced is closed.</summary>
    private NetworkDevice? FindDevice(Port port, NetworkDevice? uplink, IReadOnlyCollection<NetworkDevice> taken)
    {
        var device = NetworkDevice.Find(port.DeviceName);
        var problem = device switch
        {
            null => $"there is no network device {port.DeviceName}",
            { } found when found == uplink => $"{port.DeviceName} is the uplink",
            { } found when taken.Contains(found) => $"{port.DeviceName} already belongs to another vif",
            _ => null,
        };
        if (port.IsOpen && (problem is not null || port.Device != device))
        {
            Release(port);
        }

        if (problem is null)
        {
            return device;
        }

        SetProblem(port, problem);
        return null;
    }

    private void OpenVif(Port port, NetworkDevice device)
    {
        if (_guard.Applied is not { } guard || !guard.Vifs.Contains(device))
        {
            SetProblem(port, _guard.Problem ?? "waiting for its guard rules");
            return;
        }

        Try(
            port,
            () =>
            {
                device.DisableIpv6();
                device.BringUp(_traffic.Underlay);
                if (!port.IsOpen)
                {
                    OpenSockets(port, device);
                }
            }
        );
    }

    private void OpenUplink(NetworkDevice? device, uint tunnelSource)
    {
        if (_uplink.IsOpen && _uplink.Device != device)
        {
            Close(_uplink);
        }

        if (device is not { } found)
        {
            SetProblem(_uplink, $"there is no network device {_uplink.DeviceName}");
        }
        else if (tunnelSource == 0)
        {
            SetProblem(_uplink, "the agent has not told the tunnel source yet");
        }
        else if (_guard.Applied is not { } guard || guard.Uplink != device || guard.TunnelSource != tunnelSource)
        {
            SetProblem(_uplink, _guard.Problem ?? "waiting for its guard rules");
        }
        else if (!_uplink.IsOpen && IsCached(_uplink, found))
        {
            Open(_uplink, found, listener: null, sender: null);
        }
        else if (!_uplink.IsOpen)
        {
            Try(_uplink, () => ListenAtUplink(found, tunnelSource));
        }
    }

    private void ListenAtUplink(NetworkDevice device, uint tunnelSource)
    {
        var isEthernet = device.IsEthernet(_traffic.Underlay);
        var listener = isEthernet
            ? PacketSocket.OpenTunnelFrames(device, tunnelSource)
            : PacketSocket.OpenTunnelPackets(device, tunnelSource);
        Listen(_uplink, device, listener, sender: null, withHeader: isEthernet);
    }

    /// <summary>Has the kernel's program run at a device. Where the kernel refuses, a socket does the work.</summary>
    private bool IsCached(Port port, NetworkDevice device)
    {
        try
        {
            if (port.Vif is { } vif)
            {
                _cache?.AttachVif(vif, device);
            }
            else
            {
                _cache?.AttachUplink(device);
            }

            return _cache is not null;
        }
        catch (KernelCacheException exception)
        {
            LogNotCached(port.DeviceName, port.Vif, exception.Message);
            return false;
        }
    }

    private void OpenSockets(Port port, NetworkDevice device)
    {
        var sender = PacketSocket.OpenSender(device);
        try
        {
            if (IsCached(port, device))
            {
                Open(port, device, listener: null, sender);
            }
            else
            {
                Listen(port, device, PacketSocket.OpenFrames(device), sender, withHeader: true);
            }
        }
        catch
        {
            sender.Dispose();
            throw;
        }
    }

    private void Listen(Port port, NetworkDevice device, PacketSocket listener, PacketSocket? sender, bool withHeader)
    {
        Open(port, device, listener, sender);
        _loop.Watch(listener.Descriptor, () => _traffic.Receive(port, withHeader));
    }

    private void Open(Port port, NetworkDevice device, PacketSocket? listener, PacketSocket? sender)
    {
        port.Open(device, listener, sender);
        LogOpened(port.DeviceName, port.Vif);
    }

    private void Close(Port port)
    {
        if (port.IsOpen)
        {
            _cache?.Detach(port.Vif, port.Device);
            CloseSocket(port);
        }
    }

    private void CloseSocket(Port port)
    {
        if (port.Listener is { } listener)
        {
            _loop.Unwatch(listener.Descriptor);
        }

        port.Close();
    }

    /// <summary>
    /// Gives a vif's device up. Whatever is behind it stays guarded while the device is there, by whichever name: a VM may still run. The
    /// kernel's program stays too, and takes what comes until the guard knows the name.
    /// </summary>
    private void Release(Port port)
    {
        if (!port.IsOpen)
        {
            return;
        }

        if (NetworkDevice.Find(port.Device.Index) is { } device && device.Name != _uplink.DeviceName)
        {
            _released.Add(device);
            _cache?.Release(port.Vif!.Value);
            CloseSocket(port);
        }
        else
        {
            Close(port);
        }
    }

    private void Try(Port port, Action attempt)
    {
        try
        {
            attempt();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Close(port);
            SetProblem(port, exception.Message);
        }
    }

    private void SetProblem(Port port, string problem)
    {
        if (port.Problem != problem)
        {
            port.Problem = problem;
            LogProblem(port.DeviceName, port.Vif, problem);
        }
    }

    private void LogGuardProblem()
    {
        if (_guard.Problem != _loggedGuardProblem)
        {
            _loggedGuardProblem = _guard.Problem;
            if (_guard.Problem is { } problem)
            {
                LogGuardFailed(problem);
            }
        }
    }
}
