using System.Diagnostics;
using Fabric.Agent.Core;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Inspection;
using Fabric.Agent.State;
using Fabric.Hosting.Metrics;
using Fabric.Runtime;

namespace Fabric.Agent.Node;

/// <summary>
/// The agent's loop body: connects the core with two controllers, the data plane and what is kept. Its members are called on the
/// loop only.
/// </summary>
public sealed partial class AgentNode : IControllerLinkOwner, IDisposable
{
    private readonly AgentNodeOptions _options;
    private readonly IEventLoop _loop;
    private readonly IAgentState _state;
    private readonly ILogger _logger;
    private readonly ControllerSet _controllers;
    private readonly DataPlaneLink _dataPlane;
    private readonly DataPlaneWatch _watch;
    private readonly IAgentObserver? _observer;
    private readonly Dictionary<string, LoopTimer> _staleTimers = [];
    private readonly LoopTimer _portStaleTimer;
    private readonly HashSet<string> _confirmedPorts = [];
    private readonly List<AgentEffect> _effects = [];
    private bool _flushIsQueued;
    private bool _isStopped;

    public AgentNode(
        AgentNodeOptions options,
        IEventLoop loop,
        ITransport transport,
        IAgentState state,
        ILogger<AgentNode> logger,
        IAgentObserver? observer = null
    )
    {
        _observer = observer;
        _options = options;
        _loop = loop;
        _state = state;
        _logger = logger;
        var saved = state.Load();
        var settings = new AgentSettings(options.Name, options.Address, options.UnderlayMtu) { Flows = options.Flows };
        Core = new AgentCore(settings, saved.Allocations);
        foreach (var port in saved.Ports)
        {
            Core.Handle(new PortPlugged(port), _effects);
        }

        _controllers = new ControllerSet(
            options.Controllers,
            options.ReconnectTime,
            loop,
            endPoint => new ControllerLink(endPoint, options, loop, transport, this)
        );
        _watch = new DataPlaneWatch(loop, DataPlaneStuck, DataPlaneRunsAgain);
        _dataPlane = new DataPlaneLink(
            options.DataPlane,
            loop,
            transport,
            _watch,
            RaiseFromDataPlane,
            records => _observer?.RecordsReceived(records),
            reason => LogDataPlaneLost($"{options.DataPlane}", reason)
        );
        _portStaleTimer = new LoopTimer(loop, RemoveStalePorts);
    }

    public AgentCore Core { get; }

    /// <summary>From tables sent to the data plane's word that it forwards by them.</summary>
    public Histogram DataPlaneTimes => _dataPlane.ApplyTimes;

    /// <summary>What an operator asks for first.</summary>
    public AgentStatus Status() => AgentStatus.Of(_options, Core, _controllers, _dataPlane, _watch);

    /// <summary>Connects; goes on until disposed.</summary>
    public void Start()
    {
        LogStarted(_options.Name, Core.Ports.Plugged.Count);
        _dataPlane.Connect();
        _controllers.Start();
        foreach (var link in _controllers.Links)
        {
            Raise(new ControllerAwaited(link.Name));
        }
    }

    /// <summary>Adds a port, or says again that it is there; kept before this returns.</summary>
    /// <exception cref="IOException">It could not be kept; nothing changed.</exception>
    public void Plug(Port port)
    {
        if (!Core.Ports.Plugged.TryGetValue(port.Id, out var known) || known != port)
        {
            _state.SavePort(port);
            LogPortPlugged(port.Id, port.Device);
        }

        _confirmedPorts.Add(port.Id);
        Raise(new PortPlugged(port));
    }

    /// <summary>Removes a port; one that is not there is no error.</summary>
    /// <exception cref="IOException">It would come back at the next start; nothing changed.</exception>
    public void Unplug(string id)
    {
        if (Core.Ports.Plugged.ContainsKey(id))
        {
            _state.RemovePort(id);
            _confirmedPorts.Remove(id);
            LogPortUnplugged(id);
            Raise(new PortUnplugged(id));
        }
    }

    /// <summary>The orchestrator has said all its ports: those from an earlier run that it did not name go after a while.</summary>
    public void SyncPorts()
    {
        if (!_portStaleTimer.IsSet)
        {
            _portStaleTimer.Set(_options.PortStaleTime);
        }
    }

    /// <summary>Stops: connections are closed, while controllers and data plane keep what they were told.</summary>
    public void Dispose()
    {
        _isStopped = true;
        _controllers.Dispose();
        _dataPlane.Dispose();
        _portStaleTimer.Dispose();
        foreach (var timer in _staleTimers.Values)
        {
            timer.Dispose();
        }
    }

    void IControllerLinkOwner.Established(ControllerLink link)
    {
        LogControllerEstablished(link.Name);
        _observer?.ControllerEstablished(link.Name);
        Raise(new ControllerEstablished(link.Name));
    }

    void IControllerLinkOwner.Down(ControllerLink link, bool wasEstablished, bool isNews)
    {
        if (_isStopped)
        {
            return;
        }

        if (isNews)
        {
            LogControllerDown(link.Name, link.LastError);
        }

        if (wasEstablished)
        {
            _observer?.ControllerDown(link.Name, link.LastError);
            Raise(new ControllerDown(link.Name));
        }

        _controllers.Lost(link);
    }

    void IControllerLinkOwner.InputSkipped(ControllerLink link, string reason) => LogInputSkipped(link.Name, reason);

    void IControllerLinkOwner.Raise(AgentEvent happened) => Raise(happened);

    private void RaiseFromDataPlane(AgentEvent happened)
    {
        if (happened is DataPlaneConnected)
        {
            LogDataPlaneConnected();
            _observer?.DataPlaneConnected();
        }
        else if (happened is DataPlaneDisconnected)
        {
            _observer?.DataPlaneLost(_dataPlane.LastError);
        }
        else if (happened is DataPlaneApplied { Error.Length: > 0 } applied)
        {
            LogBatchFaulty(applied.Generation, applied.Error);
        }

        Raise(happened);
    }

    private void DataPlaneStuck(TimeSpan silence)
    {
        LogDataPlaneStuck(silence.TotalSeconds);
        _observer?.DataPlaneStuck(silence);
    }

    private void DataPlaneRunsAgain()
    {
        LogDataPlaneRunsAgain();
        _observer?.DataPlaneRunsAgain();
    }

    private void Raise(AgentEvent happened)
    {
        Debug.Assert(_loop.IsCurrent, "the agent's core is owned by its loop");
        if (_isStopped)
        {
            return;
        }

        Core.Handle(happened, _effects);
        Perform();
        if (!_flushIsQueued)
        {
            _flushIsQueued = true;
            _loop.Post(static node => node.FlushChanges(), this);
        }
    }

    private void FlushChanges()
    {
        _flushIsQueued = false;
        if (!_isStopped)
        {
            Core.Handle(new Flush(), _effects);
            Perform();
        }
    }

    private void Perform()
    {
        for (var i = 0; i < _effects.Count; i++)
        {
            Perform(_effects[i]);
        }

        _effects.Clear();
    }

    private void Perform(AgentEffect effect)
    {
        switch (effect)
        {
            case SendBatch send:
                _observer?.BatchSent(send.Batch, Core.Ports.Active);
                _dataPlane.Send(send.Batch);
                break;
            case SaveAllocations save:
                Save(save);
                break;
            case StartStaleTimer start:
                StartTimer(start.Controller, _options.StaleTime);
                break;
            case StartEndOfRibTimer start:
                StartTimer(start.Controller, _options.EndOfRibTime);
                break;
            case SubscribeConfig subscribe:
                LogConfigPeer(subscribe.Controller);
                Session(subscribe.Controller)?.SubscribeConfig();
                break;
            case SubscribeVrf subscribe:
                Session(subscribe.Controller)?.SubscribeVrf(subscribe.Vrf, subscribe.InstanceId);
                break;
            case UnsubscribeVrf unsubscribe:
                Session(unsubscribe.Controller)?.UnsubscribeVrf(unsubscribe.Vrf, unsubscribe.InstanceId);
                break;
            case PublishRoute publish:
                Session(publish.Controller)?.PublishRoute(publish.Route.Key.Vrf, RouteItems.ToItem(publish.Route, _options.Address));
                break;
            case WithdrawRoute withdraw:
                Session(withdraw.Controller)?.WithdrawRoute(withdraw.Route.Key.Vrf, RouteItems.ToItem(withdraw.Route, _options.Address));
                break;
            case SendEndOfRib end:
                Session(end.Controller)?.SendEndOfRib();
                break;
            default:
                throw new UnreachableException(effect.GetType().Name);
        }
    }

    private Core.Xmpp.ControllerSession? Session(string controller) => _controllers.Find(controller)?.Session;

    /// <summary>A full disk must not end forwarding: the numbers are used all the same, and the operator is told.</summary>
    private void Save(SaveAllocations save)
    {
        try
        {
            _state.SaveAllocations(save.Allocations);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogAllocationsNotSaved(exception.Message);
        }
    }

    private void StartTimer(string controller, TimeSpan time)
    {
        if (!_staleTimers.TryGetValue(controller, out var timer))
        {
            timer = new LoopTimer(_loop, () => Raise(new StaleTimeout(controller)));
            _staleTimers.Add(controller, timer);
        }

        timer.Set(time);
    }

    private void RemoveStalePorts()
    {
        foreach (var id in Core.Ports.Plugged.Keys.Where(id => !_confirmedPorts.Contains(id)).ToList())
        {
            LogPortStale(id);
            try
            {
                Unplug(id);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogPortNotRemoved(id, exception.Message);
            }
        }
    }
}
