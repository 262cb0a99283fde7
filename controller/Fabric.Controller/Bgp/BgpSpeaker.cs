using System.Net;
using Fabric.Bgp;
using Fabric.Controller.Options;
using Fabric.Controller.Routes;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Bgp;

/// <summary>
/// Owned by the routing loop: the listener on the BGP port and a neighbour for each bgp-router object. A connection from an
/// address that is no neighbour is closed.
/// </summary>
internal sealed partial class BgpSpeaker : IDisposable
{
    private readonly ControlNodeOptions _options;
    private readonly RoutingPlane _plane;
    private readonly ITransport _transport;
    private readonly StartupGate _gate;
    private readonly Random _random;
    private readonly ILogger _logger;

    // Few: equal sets come close together, the RIB keeps them as bytes, and what lives long here would only burden the collector.
    private readonly AttributeInterner _interner = new(capacity: 256);
    private readonly SortedDictionary<string, BgpNeighbor> _neighbors = new(StringComparer.Ordinal);
    private readonly Dictionary<PeerId, BgpNeighbor> _byPeer = [];
    private readonly DynamicNeighbors _dynamic;
    private IListener? _listener;

    public BgpSpeaker(ControlNodeOptions options, RoutingPlane plane, ITransport transport, StartupGate gate, Random random, ILogger logger)
    {
        _options = options;
        _plane = plane;
        _transport = transport;
        _gate = gate;
        _random = random;
        _logger = logger;
        _dynamic = new DynamicNeighbors(options);
        plane.SpeakerWriter = new BgpUpdateWriter(this);
    }

    /// <summary>Those configured, and those that connected from a dynamic prefix.</summary>
    public IEnumerable<BgpNeighbor> Neighbors => _neighbors.Values;

    public RoutingPlane Plane => _plane;

    public StartupGate Gate => _gate;

    public ILogger Logger => _logger;

    /// <exception cref="IOException">The address cannot be bound.</exception>
    public void Start() => _listener = _transport.Listen(new IPEndPoint(_options.Listen, _options.BgpPort), _plane.Loop, Accept);

    public BgpNeighbor? Find(PeerId peer) => _byPeer.GetValueOrDefault(peer);

    /// <summary>
    /// Makes the neighbour what the intent says. What bears on a running session ends it, and it begins anew; a changed description
    /// or shutdown message does not.
    /// </summary>
    public void Configure(BgpNeighborIntent intent)
    {
        if (_neighbors.TryGetValue(intent.Name, out var current))
        {
            if (current.Intent with { Description = intent.Description, ShutdownMessage = intent.ShutdownMessage } == intent)
            {
                current.Intent = intent;
                return;
            }

            Remove(intent.Name, intent.ShutdownMessage);
        }

        // An address has one neighbour: the object takes the place of what connected from a dynamic prefix.
        if (FindByAddress(intent.Address) is { } dynamic && DynamicNeighbors.IsDynamic(dynamic.Intent))
        {
            Remove(dynamic.Intent.Name);
        }

        Add(intent);
    }

    /// <summary>A dynamic neighbour without session and kept routes is forgotten.</summary>
    public void ForgetIfIdle(BgpNeighbor neighbor)
    {
        if (
            DynamicNeighbors.IsDynamic(neighbor.Intent)
            && neighbor is { IsConnected: false, Peer.HasStaleRoutes: false }
            && _neighbors.GetValueOrDefault(neighbor.Intent.Name) == neighbor
        )
        {
            Remove(neighbor.Intent.Name);
        }
    }

    /// <summary>From within a call of the neighbour itself.</summary>
    public void ForgetLater(BgpNeighbor neighbor) => _plane.Loop.Post(ForgetIfIdle, neighbor);

    /// <param name="shutdownMessage">Said to the neighbour in words (RFC 9003).</param>
    public void Remove(string name, string? shutdownMessage = null)
    {
        if (_neighbors.Remove(name, out var neighbor))
        {
            neighbor.Handle(new PeerEvent.Stop(shutdownMessage));
            neighbor.Dispose();
        }
    }

    public IConnection Connect(BgpNeighbor neighbor, IConnectionHandler handler) =>
        _transport.Connect(
            new IPEndPoint(neighbor.Intent.Address.ToIPAddress(), neighbor.Intent.Port),
            new IPEndPoint(_options.Listen, 0),
            _plane.Loop,
            handler
        );

    public void Enter(PeerId peer, BgpNeighbor neighbor) => _byPeer[peer] = neighbor;

    public void Leave(PeerId peer) => _byPeer.Remove(peer);

    /// <summary>
    /// Ends the sessions. A neighbour with graceful restart hears no NOTIFICATION, which would end its patience (RFC 4724 section 4),
    /// since hosts go on forwarding and the control node is likely to come back; any other hears that this is a shutdown (RFC 4486).
    /// </summary>
    public void Dispose()
    {
        _listener?.Dispose();
        foreach (var neighbor in _neighbors.Values)
        {
            if (neighbor.Peer.Negotiation is { PeerGracefulRestart: null })
            {
                neighbor.Handle(new PeerEvent.Stop(null));
            }

            neighbor.Dispose();
        }

        _neighbors.Clear();
    }

    private IConnectionHandler Accept(IConnection connection)
    {
        var address = IpAddress.From(((IPEndPoint)connection.Remote).Address);
        if (FindByAddress(address) is { } neighbor)
        {
            // One that the operator has taken down does not come in by a dynamic prefix.
            if (!neighbor.Intent.AdminDown)
            {
                return neighbor.Accept(connection);
            }
        }
        else if (_dynamic.TryCreate(address, _neighbors.Values.Count(other => DynamicNeighbors.IsDynamic(other.Intent)), out var intent))
        {
            return Add(intent).Accept(connection);
        }

        LogStranger(address);
        return new StrangerConnection();
    }

    private BgpNeighbor? FindByAddress(IpAddress address)
    {
        foreach (var neighbor in _neighbors.Values)
        {
            if (neighbor.Intent.Address == address)
            {
                return neighbor;
            }
        }

        return null;
    }

    private BgpNeighbor Add(BgpNeighborIntent intent)
    {
        var peer = new BgpPeer(OptionsOf(intent), _interner, _plane.Loop.Time, _random.Next());
        var neighbor = new BgpNeighbor(this, intent, peer);
        _neighbors.Add(intent.Name, neighbor);
        if (!intent.AdminDown)
        {
            neighbor.Handle(new PeerEvent.Start());
        }

        return neighbor;
    }

    private BgpPeerOptions OptionsOf(BgpNeighborIntent intent) =>
        new()
        {
            LocalAs = intent.LocalAsNumber,
            LocalIdentifier = _options.RouterId,
            PeerAs = intent.AsNumber,
            Families = intent.Families,
            IsPassive = intent.Passive,
            HoldSeconds = intent.HoldTime,
            GracefulRestart =
                intent.GracefulRestartTime == 0 || _options.RestartTime <= TimeSpan.Zero
                    ? null
                    : new GracefulRestartOptions { RestartSeconds = (ushort)Math.Min(intent.GracefulRestartTime, 4095) },
            IsRestarting = _gate.IsRestarting,
            ConnectRetry = TimeSpan.FromSeconds(5),
        };

    /// <summary>Closes a connection that nobody asked for.</summary>
    private sealed class StrangerConnection : IConnectionHandler
    {
        public void OnOpened(IConnection connection) => connection.Close(abort: true);

        public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => bytes.Length;

        public void OnWritable(IConnection connection) { }

        public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

        public void OnClosed(IConnection connection, string reason) { }
    }
}
