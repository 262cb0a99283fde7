using System.Diagnostics;
using Fabric.Agent.Core.Allocation;
using Fabric.Agent.Core.Compilation;
using Fabric.Agent.Core.Config;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Core.Publishing;
using Fabric.Agent.Core.Routes;
using Fabric.Agent.Core.Tables;
using Fabric.Model.Datapath;

namespace Fabric.Agent.Core;

/// <summary>
/// The agent of one host. Owned by the agent's loop.
/// <code>
///  port API ---> PortTable --+                          +--> ControllerSync (one a session): subscriptions, routes, End-of-RIB
///  config peer -> ConfigView +--> LocalState -----------+
///                                     |                 +--> vifs, VRFs, labels, access lists --+
///  controllers -> RouteMirror --------+--> RouteCompiler --> RouteInstaller --> NextHopTable ---+--> DeltaTracker --> data plane
/// </code>
/// Events change the three tables on the left; a flush computes everything to the right of them from their present state and
/// sends the differences. With no controller at all the tables stay as they are (headless). After a restart neither controllers
/// nor the data plane are told that anything is gone before the configuration and a controller's routes have come whole.
/// </summary>
public sealed class AgentCore
{
    private readonly AgentSettings _settings;
    private readonly Identifiers _identifiers;
    private readonly PortTable _ports;
    private readonly ConfigView _config = new();
    private readonly RouteMirror _mirror = new();
    private readonly DesiredTables _tables = new();
    private readonly NextHopTable _nextHops;
    private readonly RouteInstaller _installer;
    private readonly DeltaTracker _tracker;
    private readonly Dictionary<string, ControllerSync> _controllers = [];
    private readonly HashSet<string> _awaited = [];
    private readonly HashSet<string> _overdue = [];
    private readonly HashSet<NextHopKey> _ownNextHops = [];
    private LocalState _local = LocalState.Empty;
    private bool _localChanged = true;
    private int _savedVersion;

    public AgentCore(AgentSettings settings, Allocations allocations)
    {
        _settings = settings;
        _identifiers = new Identifiers(allocations);
        _ports = new PortTable(_identifiers);
        _nextHops = new NextHopTable(_identifiers.NextHops, _tables.NextHops);
        _installer = new RouteInstaller(_tables.Routes, _nextHops);
        var host = new HostConfig
        {
            TunnelSource = settings.Address.Ipv4,
            UnderlayMtu = (uint)settings.UnderlayMtu,
            HostName = settings.HostName,
        };
        var records = settings.Flows is { } flows
            ? new RecordSettings
            {
                UpdateSeconds = flows.UpdateSeconds,
                Sampling = flows.Sampling,
                NoStarts = !flows.Starts,
            }
            : null;
        _tracker = new DeltaTracker(_tables, host, records);
    }

    public PortTable Ports => _ports;

    public ConfigView Config => _config;

    public RouteMirror Mirror => _mirror;

    public LocalState Local => _local;

    public DesiredTables Tables => _tables;

    public DeltaTracker DataPlane => _tracker;

    public IReadOnlyDictionary<string, ControllerSync> Controllers => _controllers;

    public int UnresolvedRouteCount => _installer.UnresolvedCount;

    /// <summary>Routes that came for a VRF without a subscription.</summary>
    public long UnexpectedRouteCount { get; private set; }

    /// <summary>Whether configuration and routes have come whole since the start; then what is absent is known to be gone.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Handles one event. Whatever it is, a <see cref="Flush"/> should follow when no other event waits.</summary>
    public void Handle(AgentEvent happened, List<AgentEffect> effects)
    {
        switch (happened)
        {
            case RouteUpdated route:
                HandleRoute(route);
                break;
            case RouteRetracted route:
                if (_controllers.ContainsKey(route.Controller))
                {
                    _mirror.Retract(route.Controller, route.Key);
                }

                break;
            case EndOfRibReceived end:
                if (_controllers.TryGetValue(end.Controller, out var told) && told.TryReceiveEndOfRib())
                {
                    SweepRoutes(end.Controller);
                }

                break;
            case StaleTimeout timeout:
                HandleStaleTimeout(timeout.Controller);
                break;
            case ControllerAwaited session:
                Await(session.Controller, effects);
                break;
            case ControllerEstablished session:
                Establish(session.Controller, effects);
                break;
            case ControllerDown session:
                LoseController(session.Controller, effects);
                break;
            case ConfigUpdated update:
                _localChanged |= update.Controller == _config.Peer && _config.Update(update.Object);
                break;
            case ConfigDeleted delete:
                _localChanged |= delete.Controller == _config.Peer && _config.Delete(delete.Key);
                break;
            case EndOfConfigReceived end:
                if (end.Controller == _config.Peer)
                {
                    _config.EndGeneration();
                    _localChanged = true;
                }

                break;
            case PortPlugged plugged:
                _localChanged |= _ports.Plug(plugged.Port);
                break;
            case PortUnplugged unplugged:
                _localChanged |= _ports.Unplug(unplugged.Id);
                break;
            case DataPlaneConnected:
                _tracker.Connect();
                break;
            case DataPlaneDisconnected:
                _tracker.Disconnect();
                break;
            case DataPlaneApplied applied:
                _tracker.Applied(applied.Generation, applied.Error);
                break;
            case Flush:
                Compile(effects);
                break;
            default:
                throw new UnreachableException(happened.GetType().Name);
        }
    }

    private void HandleRoute(RouteUpdated route)
    {
        if (!_controllers.ContainsKey(route.Controller))
        {
            return;
        }

        if (_local.Vrfs.ContainsKey(route.Key.Vrf) && route.Key.Prefix.Address.IsIpv4)
        {
            _mirror.Update(route.Controller, route.Key, route.Route);
        }
        else
        {
            UnexpectedRouteCount++;
        }
    }

    private void Await(string controller, List<AgentEffect> effects)
    {
        if (!_controllers.ContainsKey(controller) && _awaited.Add(controller))
        {
            effects.Add(new StartStaleTimer(controller));
        }
    }

    private void Establish(string controller, List<AgentEffect> effects)
    {
        _awaited.Remove(controller);
        _overdue.Remove(controller);
        _controllers[controller] = new ControllerSync(controller);
        effects.Add(new StartEndOfRibTimer(controller));
        if (_config.Peer is null)
        {
            BeginConfig(controller, effects);
        }
    }

    private void LoseController(string controller, List<AgentEffect> effects)
    {
        if (!_controllers.Remove(controller))
        {
            return;
        }

        _mirror.MarkStale(controller);
        effects.Add(new StartStaleTimer(controller));
        if (_config.Peer != controller)
        {
            return;
        }

        _config.LosePeer();
        if (_controllers.Keys.Order(StringComparer.Ordinal).FirstOrDefault() is { } other)
        {
            BeginConfig(other, effects);
        }
    }

    private void BeginConfig(string controller, List<AgentEffect> effects)
    {
        _config.BeginGeneration(controller);
        effects.Add(new SubscribeConfig(controller));
    }

    /// <summary>
    /// A controller has said all: its own stale paths have been replaced by now. One that is away may know what no other does, and is given its time.
    /// </summary>
    private void SweepRoutes(string controller)
    {
        _mirror.Sweep(name => name == controller || _overdue.Contains(name));
        _overdue.Clear();
    }

    /// <summary>
    /// A session without End-of-RIB in time counts as whole. A controller that has not come back is forgotten as soon as another
    /// one has said all; until then everything stays.
    /// </summary>
    private void HandleStaleTimeout(string controller)
    {
        _awaited.Remove(controller);
        if (_controllers.TryGetValue(controller, out var session))
        {
            if (session is { IsSynced: false } && session.TryReceiveEndOfRib())
            {
                SweepRoutes(controller);
            }
        }
        else if (_controllers.Values.Any(other => other.IsSynced))
        {
            _mirror.Sweep(name => name == controller);
        }
        else
        {
            _overdue.Add(controller);
        }
    }

    private void Compile(List<AgentEffect> effects)
    {
        if (_localChanged)
        {
            CompileLocal();
        }

        CompileRoutes();

        var wasComplete = IsComplete;
        IsComplete |= _config.IsComplete && HaveAllTold();
        if (IsComplete && (_localChanged || !wasComplete))
        {
            FreeIdentifiers();
        }

        _localChanged = false;
        if (_identifiers.Version != _savedVersion)
        {
            _savedVersion = _identifiers.Version;
            effects.Add(new SaveAllocations(_identifiers.Save()));
        }

        foreach (var session in _controllers.Values)
        {
            session.Sync(_local, _config.IsComplete, effects);
        }

        while (_tracker.TryNext(IsComplete, out var batch))
        {
            effects.Add(new SendBatch(batch));
        }
    }

    // One whose configuration lags does not have all routes yet: what another one tells must have come too. Each session has a time to its End-of-RIB.
    private bool HaveAllTold() => _awaited.Count == 0 && _controllers.Count > 0 && _controllers.Values.All(session => session.IsSynced);

    private void CompileLocal()
    {
        _ports.Evaluate(_config);
        _local = LocalState.Compile(_ports.Active, _config);
        foreach (var vrf in _mirror.Vrfs.Where(vrf => !_local.Vrfs.ContainsKey(vrf)).ToList())
        {
            _mirror.Drop(vrf);
        }

        // A port or a label that came or went can change any route.
        _mirror.Changed.UnionWith(_installer.Installed);
        _mirror.Changed.UnionWith(_local.Routes.Keys);
        foreach (var vrf in _mirror.Vrfs)
        {
            _mirror.Changed.UnionWith(_mirror.Prefixes(vrf).Select(prefix => new VrfPrefix(vrf, prefix)));
        }

        var nextHops = SyncOwnNextHops();
        _tables.AccessLists.Replace(SecurityGroups.Compile(_config));
        _tables.Vrfs.Replace(_local.Vrfs.ToDictionary(vrf => vrf.Value, vrf => new VrfEntry { Id = vrf.Value, Name = vrf.Key }));
        _tables.Vifs.Replace(nextHops.ToDictionary(port => port.Key.VifId, port => Vifs.Compile(port.Key, port.Value, _config, _settings)));
        _tables.Labels.Replace(
            nextHops.ToDictionary(port => port.Key.Label, port => new LabelEntry { Label = port.Key.Label, NextHop = port.Value })
        );
    }

    /// <summary>Each active port has its interface next hop, whether routes use it or not.</summary>
    private Dictionary<ActivePort, uint> SyncOwnNextHops()
    {
        Dictionary<ActivePort, uint> ids = [];
        foreach (var key in _ownNextHops.Where(key => !_ports.Active.ContainsKey(((NextHopKey.Interface)key).Port)).ToList())
        {
            _ownNextHops.Remove(key);
            _nextHops.Release(key);
        }

        foreach (var port in _ports.Active.Values)
        {
            var key = new NextHopKey.Interface(port.Port.Id);
            if (_ownNextHops.Contains(key) || _nextHops.Acquire(key, VifOf) is not null)
            {
                _ownNextHops.Add(key);
                _identifiers.NextHops.TryGet(key.Name, out var id);
                ids.Add(port, id);
            }
        }

        return ids;
    }

    private void CompileRoutes()
    {
        foreach (var key in _mirror.Changed)
        {
            var paths = _mirror.Paths(key.Vrf, key.Prefix);
            var route = _local.Vrfs.TryGetValue(key.Vrf, out var vrf) ? RouteCompiler.Compile(key, paths, _local, _settings.Address) : null;
            _installer.Install(key, route, isKnown: !paths.IsEmpty, vrf, VifOf);
        }

        _mirror.Changed.Clear();
    }

    private uint VifOf(string port) => _ports.Active[port].VifId;

    private void FreeIdentifiers()
    {
        Free(_identifiers.Vrfs, _local.Vrfs.ContainsKey);
        Free(_identifiers.Vifs, _ports.Plugged.ContainsKey);
        Free(_identifiers.Labels, _ports.Plugged.ContainsKey);
        var interfaces = _ports.Plugged.Keys.Select(NextHopKey.Interface.NameOf).ToHashSet();
        Free(_identifiers.NextHops, name => interfaces.Contains(name) || _nextHops.IsInUse(name));
    }

    private static void Free(IdPool pool, Func<string, bool> isWanted)
    {
        foreach (var key in pool.Keys.Where(key => !isWanted(key)).ToList())
        {
            pool.Free(key);
        }
    }
}
