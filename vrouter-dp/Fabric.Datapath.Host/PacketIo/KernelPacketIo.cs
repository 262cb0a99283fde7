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
/// towards the underlay. Each worker has sockets of its own. The ports are the first worker's. Each second, and whenever a network device changes, the ports are made what is wanted,
/// in this order: find the device, have it guarded, set it up, attach the program or open the socket. So no frame of a VM is ever open to
/// the host's own stack.
/// </summary>
public sealed partial class KernelPacketIo : IPacketIo
{
    private const int ReconciliationsPerRefresh = 10;
    private static readonly TimeSpan _reconcileInterval = TimeSpan.FromSeconds(1);

    private readonly IReadOnlyList<EpollLoop> _loops;
    private readonly EpollLoop _loop;
    private readonly string _node;
    private readonly ILogger _logger;
    private readonly HostGuard _guard;
    private readonly LoopTimer _timer;
    private readonly FlowCache? _cache;
    private readonly string _cacheProblem;
    private readonly NetworkMonitor _network = new();
    private readonly IReadOnlyList<PortTraffic> _traffic;
    private readonly Dictionary<uint, Port> _vifs = [];
    private readonly Port _uplink;
    private readonly HashSet<NetworkDevice> _released = [];
    private PacketIoSettings? _settings;
    private string? _loggedGuardProblem;
    private int _reconciliations;

    /// <param name="loops">The workers' loops.</param>
    /// <param name="node">Names the guard's table.</param>
    /// <param name="uplink">The underlay's device.</param>
    /// <param name="logger">Hears of ports that open and of what keeps them from it.</param>
    /// <param name="cache">The kernel's programs; null where there are none.</param>
    /// <param name="cacheProblem">Why there are none.</param>
    /// <exception cref="IOException">The process lacks the rights for raw sockets.</exception>
    internal KernelPacketIo(
        IReadOnlyList<EpollLoop> loops,
        string node,
        string uplink,
        ILogger logger,
        FlowCache? cache,
        string cacheProblem
    )
    {
        _cache = cache;
        _cacheProblem = cacheProblem;
        _loops = loops;
        _loop = loops[0];
        _node = node;
        _logger = logger;
        _uplink = new Port(vif: null, uplink, loops.Count);
        _traffic = [.. loops.Zip(_uplink.Lanes, static (loop, lane) => new PortTraffic(loop, lane))];
        _guard = new HostGuard(_loop, NftCommand.RunAsync, Reconcile);
        _timer = new LoopTimer(_loop, Tick);
    }

    public PacketIoStatus Status =>
        new(
            _uplink.Status,
            _vifs.OrderBy(static vif => vif.Key).Select(static vif => vif.Value.Status).ToEquatableArray(),
            _cache?.Status ?? CacheStatus.Off(_cacheProblem)
        );

    public IPacketOutput Start(int worker, IPacketInput input)
    {
        var traffic = _traffic[worker];
        traffic.Start(input);
        _cache?.Start(worker, input, traffic.EndTurn);
        if (worker == 0)
        {
            _cache?.StartDevice(traffic.Underlay);
            WatchNetwork();
        }

        return traffic;
    }

    public void Stop(int worker)
    {
        _cache?.Stop(worker);
        _traffic[worker].Dispose();
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
        var wanted = settings.Vifs.ToDictionary(static vif => vif.Vif);
        foreach (var (vif, port) in _vifs.ToList())
        {
            if (!wanted.TryGetValue(vif, out var attachment) || !port.Is(attachment))
            {
                Release(port);
                _vifs.Remove(vif);
            }
        }

        foreach (var vif in settings.Vifs)
        {
            _vifs.TryAdd(vif.Vif, new Port(vif.Vif, vif.Device, _loops.Count, vif.BeganAt));
        }

        Reconcile();
    }

    /// <summary>Ends the first worker's; the others have stopped. What is attached stays: established flows do not notice that this process ends.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _loop.Unwatch(_network.Descriptor);
        _network.Dispose();
        Stop(0);
        _cache?.Dispose();
    }

    private void WatchNetwork()
    {
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

    private void Tick()
    {
        Reconcile();
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
            if (FindDevice(port, uplink, devices.Values) is { } device)
            {
                devices.Add(port.Vif!.Value, device);
            }
        }

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
                device.BringUp(_traffic[0].Underlay);
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
            Open(_uplink, found, PortSockets.None);
        }
        else if (!_uplink.IsOpen)
        {
            Try(_uplink, () => ListenAtUplink(found, tunnelSource));
        }
    }

    private void ListenAtUplink(NetworkDevice device, uint tunnelSource)
    {
        var isEthernet = device.IsEthernet(_traffic[0].Underlay);
        var listeners = ListenerGroup.Open(
            _loops.Count,
            isOfTunnels: true,
            () => isEthernet ? PacketSocket.OpenTunnelFrames(device, tunnelSource) : PacketSocket.OpenTunnelPackets(device, tunnelSource)
        );
        Open(_uplink, device, new PortSockets(listeners, [], WithHeader: isEthernet));
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
            LogNotCached(port.DeviceName, port.Name, exception.Message);
            return false;
        }
    }

    private void OpenSockets(Port port, NetworkDevice device)
    {
        var isCached = IsCached(port, device);
        var senders = PacketSocket.OpenAll(_loops.Count, () => PacketSocket.OpenSender(device));
        try
        {
            var listeners = isCached ? [] : ListenerGroup.Open(_loops.Count, isOfTunnels: false, () => PacketSocket.OpenFrames(device));
            Open(port, device, new PortSockets(listeners, senders, WithHeader: true));
        }
        catch
        {
            PacketSocket.DisposeAll(senders);
            throw;
        }
    }

    private void Open(Port port, NetworkDevice device, PortSockets sockets)
    {
        port.Open(device, sockets);
        for (var worker = 0; worker < _loops.Count; worker++)
        {
            Tell(
                worker,
                static (traffic, opened) => traffic.Open(opened.Lane, opened.Listener, opened.Sender, opened.WithHeader),
                (Lane: port.Lanes[worker], Listener: sockets.ListenerOf(worker), Sender: sockets.SenderOf(worker), sockets.WithHeader)
            );
        }

        LogOpened(port.DeviceName, port.Name);
    }

    private void Close(Port port)
    {
        if (port.IsOpen)
        {
            _cache?.Detach(port.Vif, port.Device);
            CloseSockets(port);
        }
    }

    private void CloseSockets(Port port)
    {
        port.Close();
        for (var worker = 0; worker < _loops.Count; worker++)
        {
            Tell(worker, static (traffic, lane) => traffic.Close(lane), port.Lanes[worker]);
        }
    }

    // What is told in an order is done in that order; and behind the batches that were told before.
    private void Tell<T>(int worker, Action<PortTraffic, T> change, T argument)
    {
        if (worker == 0)
        {
            change(_traffic[0], argument);
        }
        else
        {
            _loops[worker]
                .Post(
                    static told => told.Change(told.Traffic, told.Argument),
                    (Change: change, Traffic: _traffic[worker], Argument: argument)
                );
        }
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
            CloseSockets(port);
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
            LogProblem(port.DeviceName, port.Name, problem);
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
