using System.Buffers;
using Fabric.Bgp;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Wire.Bgp;

namespace Fabric.Simulation.Nodes;

/// <summary>
/// A gateway's session with one control node: the production peer, with the routes that it heard (stale ones kept over a restart,
/// RFC 4724) and the memberships by which it chooses what to tell (RFC 4684).
/// </summary>
internal sealed class GatewaySession(SimGateway gateway, IpAddress controlNode, BgpPeer peer, IEventLoop loop) : IBgpPeerEffects
{
    private readonly Dictionary<int, Connection> _connections = [];
    private readonly Dictionary<PeerTimer, LoopTimer> _timers = [];
    private readonly Dictionary<VpnKey, VpnPath> _routes = [];
    private readonly Dictionary<RouteTargetMembershipNlri, bool> _memberships = [];
    private readonly HashSet<VpnKey> _announced = [];
    private UpdateEncoding? _encoding;
    private bool _membershipsKnown;

    public IpAddress ControlNode => controlNode;

    public bool IsEstablished => peer.State == SessionState.Established;

    /// <summary>Whether the control node's routes have come whole.</summary>
    public bool IsSynced { get; private set; }

    public IReadOnlyDictionary<VpnKey, VpnPath> Routes => _routes;

    public IEnumerable<RouteTarget> WantedTargets =>
        _memberships.Keys.Where(static membership => !membership.IsDefault).Select(static membership => membership.Target);

    public void Start() => peer.Handle(new PeerEvent.Start(), this);

    public IConnectionHandler Accept(IConnection connection)
    {
        var accepted = new Connection(this, peer.NextConnectionId(), isAccepted: true) { Stream = connection };
        _connections.Add(accepted.Id, accepted);
        return accepted;
    }

    /// <summary>Tells what the endpoints behind the gateway come to now, as far as the control node wants it.</summary>
    public void Announce()
    {
        if (!IsEstablished || !_membershipsKnown)
        {
            return;
        }

        var wanted = gateway.Announcements.Where(IsWanted).ToDictionary(static route => route.Key, static route => route.Attributes);
        var output = new ArrayBufferWriter<byte>();
        foreach (var key in _announced.Where(key => !wanted.ContainsKey(key)).ToList())
        {
            _announced.Remove(key);
            UpdatePacker.Withdraw<VpnNlri>(AddressFamily.Vpnv4, [new VpnNlri(key.Distinguisher, key.Prefix, default)], _encoding!, output);
        }

        foreach (var route in gateway.Announcements.Where(route => wanted.ContainsKey(route.Key) && _announced.Add(route.Key)))
        {
            VpnNlri nlri = new(route.Key.Distinguisher, route.Key.Prefix, route.Label);
            UpdatePacker.Advertise<VpnNlri>(AddressFamily.Vpnv4, route.Attributes, [nlri], _encoding!, output);
        }

        Send(output);
    }

    private void Send(ArrayBufferWriter<byte> updates)
    {
        if (peer.CountUpdatesSent(messages: 1) is { } id)
        {
            _connections.GetValueOrDefault(id)?.Stream?.Send(updates.WrittenSpan);
        }
    }

    void IBgpPeerEffects.OpenConnection(int connectionId)
    {
        var opening = new Connection(this, connectionId, isAccepted: false);
        _connections.Add(connectionId, opening);
        opening.Stream = gateway.Connect(controlNode, opening);
    }

    void IBgpPeerEffects.CloseConnection(int connectionId)
    {
        if (_connections.Remove(connectionId, out var connection))
        {
            connection.Stream?.Close();
        }
    }

    void IBgpPeerEffects.Send(int connectionId, ReadOnlySpan<byte> bytes) =>
        _connections.GetValueOrDefault(connectionId)?.Stream?.Send(bytes);

    void IBgpPeerEffects.SetTimer(PeerTimer timer, TimeSpan due)
    {
        if (!_timers.TryGetValue(timer, out var running))
        {
            _timers.Add(timer, running = new LoopTimer(loop, () => peer.Handle(new PeerEvent.TimerFired(timer), this)));
        }

        running.Set(due);
    }

    void IBgpPeerEffects.CancelTimer(PeerTimer timer) => _timers.GetValueOrDefault(timer)?.Cancel();

    void IBgpPeerEffects.SessionEstablished(SessionNegotiation negotiation)
    {
        _encoding = new UpdateEncoding(negotiation.FourOctetAs, negotiation.ExtendedMessages);
        _memberships.Clear();
        _announced.Clear();
        _membershipsKnown = false;
        IsSynced = false;
        var output = new ArrayBufferWriter<byte>();
        var family = AddressFamily.RouteTargetMembership;
        UpdatePacker.Advertise<RouteTargetMembershipNlri>(
            family,
            new PathAttributes { NextHop = gateway.Address, LocalPref = 100 },
            [RouteTargetMembershipNlri.Default],
            _encoding,
            output
        );
        UpdatePacker.EndOfRib(family, output);
        Send(output);
    }

    void IBgpPeerEffects.SessionDown(SessionEnd end)
    {
        IsSynced = false;
        if (!end.StaleFamilies.Contains(AddressFamily.Vpnv4))
        {
            _routes.Clear();
            return;
        }

        foreach (var (key, path) in _routes)
        {
            _routes[key] = path with { IsStale = true };
        }
    }

    void IBgpPeerEffects.UpdateReceived(in UpdateView update)
    {
        foreach (var block in update)
        {
            if (block.Family == AddressFamily.Vpnv4)
            {
                TakeRoutes(block);
            }
            else if (block.Family == AddressFamily.RouteTargetMembership)
            {
                TakeMemberships(block);
            }
        }
    }

    void IBgpPeerEffects.UpdateFaulted(UpdateFault fault) =>
        throw new SimulationException($"A control node sent what is malformed: {fault}.");

    void IBgpPeerEffects.FamilyDisabled(AddressFamily family, string reason) => throw new SimulationException($"{family}: {reason}.");

    void IBgpPeerEffects.EndOfRibReceived(AddressFamily family)
    {
        if (family != AddressFamily.RouteTargetMembership)
        {
            IsSynced = true;
            return;
        }

        _membershipsKnown = true;
        Announce();
        var output = new ArrayBufferWriter<byte>();
        UpdatePacker.EndOfRib(AddressFamily.Vpnv4, output);
        Send(output);
    }

    void IBgpPeerEffects.RouteRefreshRequested(AddressFamily family)
    {
        _announced.Clear();
        Announce();
    }

    void IBgpPeerEffects.RefreshBegun(AddressFamily family) { }

    void IBgpPeerEffects.PrefixWarning(AddressFamily family, uint prefixes, uint maxPrefixes) { }

    void IBgpPeerEffects.StaleBecameLongLived(EquatableArray<AddressFamily> families) { }

    void IBgpPeerEffects.StaleExpired(EquatableArray<AddressFamily> families)
    {
        if (families.Contains(AddressFamily.Vpnv4))
        {
            foreach (var key in _routes.Where(static route => route.Value.IsStale).Select(static route => route.Key).ToList())
            {
                _routes.Remove(key);
            }
        }
    }

    void IBgpPeerEffects.RestartCompleted() { }

    private void TakeRoutes(NlriBlock block)
    {
        foreach (var route in block.VpnRoutes)
        {
            if (block.Attributes is { } attributes)
            {
                _routes[new VpnKey(route.Rd, route.Prefix)] = new VpnPath(attributes, route.Label, IsStale: false);
            }
            else
            {
                _routes.Remove(new VpnKey(route.Rd, route.Prefix));
            }
        }
    }

    private void TakeMemberships(NlriBlock block)
    {
        foreach (var membership in block.Memberships)
        {
            if (block.IsWithdrawal)
            {
                _memberships.Remove(membership);
            }
            else
            {
                _memberships[membership] = true;
            }
        }

        Announce();
    }

    private bool IsWanted(VpnAnnouncement route) =>
        _memberships.Keys.Any(membership => route.Attributes.RouteTargets.Any(membership.Matches));

    private sealed class Connection(GatewaySession session, int id, bool isAccepted) : IConnectionHandler
    {
        public int Id => id;

        public IConnection? Stream { get; set; }

        public void OnOpened(IConnection connection) =>
            session.Handle(isAccepted ? new PeerEvent.ConnectionAccepted(id) : new PeerEvent.ConnectionOpened(id));

        public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => session.Receive(id, bytes);

        public void OnWritable(IConnection connection) { }

        public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

        public void OnClosed(IConnection connection, string reason) => session.Closed(id, reason);
    }

    private void Handle(PeerEvent happened) => peer.Handle(happened, this);

    private int Receive(int connectionId, ReadOnlySpan<byte> bytes) => peer.Receive(connectionId, bytes, this);

    private void Closed(int connectionId, string reason)
    {
        if (_connections.Remove(connectionId))
        {
            Handle(new PeerEvent.ConnectionClosed(connectionId, reason));
        }
    }
}
