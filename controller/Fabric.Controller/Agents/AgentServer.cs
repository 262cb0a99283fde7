using System.Net;
using Fabric.Controller.Connections;
using Fabric.Controller.Options;
using Fabric.Controller.Routes;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Wire.Xmpp;
using Fabric.Xmpp;

namespace Fabric.Controller.Agents;

/// <summary>
/// Owned by the routing loop: accepts agents and turns what they say into calls of the routing core, and what the core and the
/// intent say into stanzas.
/// </summary>
internal sealed partial class AgentServer : IAgentEffects, IDisposable
{
    private static readonly AddressFamily[] s_families = [AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast];

    private readonly ControlNodeOptions _options;
    private readonly RoutingPlane _plane;
    private readonly ITransport _transport;
    private readonly AgentViews _views;
    private readonly StartupGate _gate;
    private readonly ILogger _logger;
    private readonly AgentRegistry _registry;
    private readonly Dictionary<AgentPeer, AgentState> _states = [];
    private readonly Dictionary<PeerId, AgentState> _byPeer = [];
    private readonly AgentConnections _connections = new();
    private readonly Func<PeerId, string, IpPrefix, bool> _belongsTo;
    private IListener? _listener;

    public AgentServer(
        ControlNodeOptions options,
        RoutingPlane plane,
        ITransport transport,
        AgentViews views,
        StartupGate gate,
        ILogger logger
    )
    {
        _options = options;
        _plane = plane;
        _transport = transport;
        _views = views;
        _gate = gate;
        _logger = logger;
        _belongsTo = (peer, vrf, address) => Find(peer) is { } state && views.IsAt(state.Agent.Name, vrf, address.Address);
        _registry = new AgentRegistry(
            new XmppOptions
            {
                HoldTime = options.XmppHoldTime,
                RestartTime = options.RestartTime,
                RequireTls = options.Tls is not null,
            },
            this
        );
        plane.AgentWriter = new AgentUpdateWriter(this, options.As);
        views.Changed = ViewChanged;
        views.Listeners = () => [.. _states.Values.Where(state => state.WantsConfig).Select(state => state.Agent.Name)];
    }

    public IEnumerable<AgentState> Agents => _states.Values;

    public NetworkNames NetworkNames { get; } = new();

    /// <summary>Hears of agents that connected, without a reason, and of those that went away.</summary>
    public Action<AgentPeer, string?>? SessionChanged { get; set; }

    /// <summary>Hears of agents that have asked for too long for a VRF that they may not be in, and without a VRF when they do no longer.</summary>
    public Action<AgentPeer, string?>? WaitsTooLong { get; set; }

    /// <exception cref="IOException">The address cannot be bound.</exception>
    public void Start() => _listener = _transport.Listen(new IPEndPoint(_options.Listen, _options.XmppPort), _plane.Loop, Accept);

    public void Dispose()
    {
        _listener?.Dispose();
        _connections.Dispose();
        foreach (var state in _states.Values)
        {
            state.Dispose();
        }
    }

    public void Forget(AgentConnection connection) => _connections.Remove(connection);

    public AgentState? StateOf(AgentPeer agent) => _states.GetValueOrDefault(agent);

    /// <summary>
    /// The wait for the neighbours' routes is over: agents that are only waiting for End-of-RIB get it, behind those routes, since
    /// at End-of-RIB an agent drops what it has not heard of again.
    /// </summary>
    public void TellEndOfRib() => _plane.AfterUpdates(SendEndOfRib);

    /// <summary>The VRF is no more: nobody waits for its routes.</summary>
    public void VrfRemoved(string vrf)
    {
        NetworkNames.Remove(vrf);
        foreach (var state in _states.Values)
        {
            state.EndOfRib(vrf);
        }
    }

    /// <summary>Ports may have moved: what is kept of their former hosts, and announced at the new ones, goes.</summary>
    public void PortsMoved()
    {
        foreach (var state in _states.Values.Where(state => state.Agent.IsRestarting))
        {
            _plane.Core.EndMoved(state.Peer, _belongsTo);
        }

        _plane.Changed();
    }

    public AgentState? Find(PeerId peer) => _byPeer.GetValueOrDefault(peer);

    void IAgentEffects.Established(AgentPeer agent)
    {
        var state =
            _states.GetValueOrDefault(agent)
            ?? new AgentState(agent, _plane.Loop, _gate, () => _registry.RestartTimerExpired(agent), vrf => SayThatItWaits(agent, vrf));
        var peer = _plane.Core.Establish(
            new PeerDefinition
            {
                Name = SourceName.OfAgent(agent.Name),
                Kind = PeerKind.Agent,
                RouterId = new BgpIdentifier(agent.Address.IsIpv4 ? agent.Address.Ipv4 : 0),
                Address = agent.Address,
            }
        );
        state.Established(peer, _plane.Loop.Time.GetTimestamp());
        _states[agent] = state;
        _byPeer[peer] = state;
        SessionChanged?.Invoke(agent, null);
        LogEstablished(agent.Name, agent.Address);
    }

    void IAgentEffects.Subscribed(AgentPeer agent, Subscription subscription)
    {
        var state = _states[agent];
        var outcome = _plane.Core.Subscribe(state.Peer, subscription.Vrf, !subscription.NoRibOut, MayBeIn(agent, subscription.Vrf));
        if (outcome == SubscribeOutcome.Waiting)
        {
            state.Waiting.Add(subscription.Vrf);
        }
        else
        {
            state.Waiting.Remove(subscription.Vrf);
        }

        // A VRF that is not configured, or that the agent may not be in, has no routes to wait for, and may never have.
        if (!subscription.NoRibOut && outcome is SubscribeOutcome.Subscribed)
        {
            state.AwaitEndOfRib(subscription.Vrf);
        }

        _plane.Changed();
    }

    void IAgentEffects.Unsubscribed(AgentPeer agent, Subscription subscription)
    {
        var state = _states[agent];
        _plane.Core.Unsubscribe(state.Peer, subscription.Vrf);
        state.Waiting.Remove(subscription.Vrf);
        state.EndOfRib(subscription.Vrf);
        _plane.Changed();
    }

    void IAgentEffects.RoutePublished(AgentPeer agent, Subscription subscription, UnicastItem item)
    {
        // A host draws traffic to itself alone: what it announces for another's address, or with another's route distinguisher, is refused.
        AgentPath? path = null;
        var refusal = item.NextHops.Any(nextHop => nextHop.Address != agent.Address)
            ? $"next hop is not {agent.Address}, from which the agent is connected"
            : RouteItemConverter.TryConvert(item, subscription.InstanceId, _options.As, out path)
                ?? RefuseAsTooMany(agent, subscription.Vrf, item.Prefix);
        if (refusal is not null)
        {
            LogRefused(agent.Name, subscription.Vrf, item.Prefix, refusal);
            return;
        }

        var peer = _states[agent].Peer;
        _plane.Core.Advertise(peer, subscription.Vrf, path!.Prefix, path.Distinguisher, path.Attributes, path.Label);
        if (_views.IsAt(agent.Name, subscription.Vrf, path.Prefix.Address))
        {
            _plane.Core.EndElsewhere(peer, subscription.Vrf, path.Prefix);
        }

        _plane.Changed();
    }

    void IAgentEffects.RouteWithdrawn(AgentPeer agent, Subscription subscription, AddressFamily family, IpPrefix prefix)
    {
        _plane.Core.Withdraw(_states[agent].Peer, subscription.Vrf, prefix);
        _plane.Changed();
    }

    void IAgentEffects.EndOfRibReceived(AgentPeer agent)
    {
        _states[agent].SentEndOfRib();
        _gate.HostIsDone(agent.Name);
        LogEndOfRib(agent.Name);
    }

    void IAgentEffects.ConfigSubscribed(AgentPeer agent, string virtualRouter)
    {
        _states[agent].WantsConfig = true;
        SendViewChange(agent.Name, _views.Of(agent.Name));
    }

    void IAgentEffects.Down(AgentPeer agent, string reason)
    {
        _states[agent].Down(reason);
        SessionChanged?.Invoke(agent, reason);
        LogDown(agent.Name, reason);
    }

    void IAgentEffects.MarkStale(AgentPeer agent)
    {
        var peer = _states[agent].Peer;
        _plane.Core.MarkStale(peer, s_families);
        _plane.Core.EndMoved(peer, _belongsTo);
        _plane.Changed();
    }

    void IAgentEffects.SweepStale(AgentPeer agent)
    {
        var peer = _states[agent].Peer;
        foreach (var family in s_families)
        {
            _plane.Core.SweepStale(peer, family);
        }

        _plane.Core.SweepStaleSubscriptions(peer);
        _plane.Changed();
    }

    void IAgentEffects.Removed(AgentPeer agent)
    {
        if (_states.Remove(agent, out var state))
        {
            _byPeer.Remove(state.Peer);
            _plane.Core.Remove(state.Peer);
            state.Dispose();
            _plane.Changed();
        }
    }

    void IAgentEffects.SetRestartTimer(AgentPeer agent, TimeSpan time) => _states[agent].RestartTimer.Set(time);

    void IAgentEffects.CancelRestartTimer(AgentPeer agent)
    {
        if (_states.TryGetValue(agent, out var state))
        {
            state.RestartTimer.Cancel();
        }
    }

    void IAgentEffects.InputSkipped(AgentPeer agent, string reason) => LogSkipped(agent.Name, reason);

    private void SendEndOfRib()
    {
        foreach (var state in _states.Values)
        {
            state.SendEndOfRibIfDone();
        }
    }

    private IConnectionHandler Accept(IConnection connection)
    {
        var remote = IpAddress.From(((IPEndPoint)connection.Remote).Address);
        if (!_connections.HasRoomFor(remote))
        {
            LogTooMany(remote, AgentConnections.Most);
            return new RefusedConnection();
        }

        var accepted = new AgentConnection(connection, _plane, _options.Tls, _registry, this);
        _connections.Add(accepted);
        return accepted;
    }

    /// <summary>A host that was taken over could else fill the tables of this node, of other agents and of gateways.</summary>
    private string? RefuseAsTooMany(AgentPeer agent, string vrf, IpPrefix prefix)
    {
        var peer = _states[agent].Peer;
        var count = s_families.Sum(family => _plane.Core.CountsOf(peer, family).Received);
        return count >= _options.AgentMaxRoutes && !_plane.Core.HasAdvertised(peer, vrf, prefix)
            ? $"it has {_options.AgentMaxRoutes} routes already, as many as agent-max-routes allows"
            : null;
    }

    private bool MayBeIn(AgentPeer agent, string vrf) => _options.AgentVrfs == AgentVrfs.Any || _views.IsIn(agent.Name, vrf);

    private void ViewChanged(string host, AgentViewChange change)
    {
        if (_registry.Find(host) is { } agent && _states.TryGetValue(agent, out var state))
        {
            AdmitAnew(state);
        }

        SendViewChange(host, change);
    }

    /// <summary>The host has other ports: the agent is now in the VRFs that it asks for and that they are in, and in no other.</summary>
    private void AdmitAnew(AgentState state)
    {
        foreach (var subscription in state.Agent.Subscriptions)
        {
            var vrf = subscription.Vrf;
            var mayBeIn = MayBeIn(state.Agent, vrf);
            if (mayBeIn != state.Waiting.Contains(vrf))
            {
                continue;
            }

            if (!mayBeIn)
            {
                state.Waiting.Add(vrf);
                _plane.Core.Suspend(state.Peer, vrf);
                state.EndOfRib(vrf);
                continue;
            }

            state.Waiting.Remove(vrf);
            if (_plane.Core.Admit(state.Peer, vrf))
            {
                state.AwaitEndOfRib(vrf);
            }
        }

        _plane.Changed();
    }

    private void SayThatItWaits(AgentPeer agent, string? vrf)
    {
        WaitsTooLong?.Invoke(agent, vrf);
        if (vrf is not null)
        {
            LogWaits(agent.Name, vrf);
        }
    }

    private void SendViewChange(string host, AgentViewChange change)
    {
        if (_registry.Find(host) is { IsEstablished: true } agent && _states[agent].WantsConfig)
        {
            agent.SendConfig(change.Generation, change.Updates, change.Deletes);
            agent.SendEndOfConfig(change.Generation);
        }
    }
}
