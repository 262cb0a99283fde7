using System.Net;
using Fabric.Bgp;
using Fabric.Controller.Connections;
using Fabric.Controller.Monitoring;
using Fabric.Controller.Options;
using Fabric.Controller.Routes;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Bgp;

/// <summary>
/// Owned by the routing loop: the listener on the BGP port and a neighbour for each bgp-router object and each that the options file names. A connection from an
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
    private readonly PeerTcpTable _tcp;
    private DynamicNeighbors _dynamic;
    private IBgpObserver[] _observers = [];
    private IListener? _listener;

    public BgpSpeaker(ControlNodeOptions options, RoutingPlane plane, ITransport transport, StartupGate gate, Random random, ILogger logger)
    {
        _options = options;
        _plane = plane;
        _transport = transport;
        _gate = gate;
        _random = random;
        _logger = logger;
        _dynamic = new DynamicNeighbors([]);
        _tcp = new PeerTcpTable(LogRefused);
        Policies = new PolicyBook(options.Policies);
        plane.SpeakerWriter = new BgpUpdateWriter(this);
    }

    /// <summary>Those configured, and those that connected from a dynamic prefix.</summary>
    public IEnumerable<BgpNeighbor> Neighbors => _neighbors.Values;

    /// <summary>See what all neighbours say and are told.</summary>
    public ReadOnlySpan<IBgpObserver> Observers => _observers;

    /// <summary>Hears of sessions that came up, without an end, of those that ended, and of attempts that failed, by the state that was left.</summary>
    public Action<BgpNeighbor, SessionState, SessionEnd?>? SessionChanged { get; set; }

    /// <summary>A neighbour as it was configured is no more, whether it had a session or not.</summary>
    public Action<BgpNeighbor, StopReason>? Stopped { get; set; }

    public RoutingPlane Plane => _plane;

    public StartupGate Gate => _gate;

    /// <summary>Those that neighbours name. After a change, and when all names hold, <see cref="TakeRules"/>.</summary>
    public PolicyBook Policies { get; set; }

    /// <summary>Where it listens, once it is started.</summary>
    public EndPoint? Local => _listener?.Local;

    /// <exception cref="IOException">The address cannot be bound.</exception>
    public void Start()
    {
        _listener = _transport.Listen(new IPEndPoint(_options.Listen, _options.BgpPort), _plane.Loop, Accept);
        _tcp.Start(_listener);
        _dynamic = new DynamicNeighbors(_tcp.Replace(_options.DynamicNeighbors));
    }

    public void Observe(IBgpObserver observer) => _observers = [.. _observers, observer];

    public BgpNeighbor? Find(PeerId peer) => _byPeer.GetValueOrDefault(peer);

    /// <summary>By name or address; null for an unknown one.</summary>
    public BgpNeighbor? Find(string name) =>
        _neighbors.GetValueOrDefault(name) ?? _neighbors.Values.FirstOrDefault(neighbor => neighbor.Intent.Address.ToString() == name);

    /// <summary>
    /// Makes the neighbour what the intent says. What bears on a running session ends it, and it begins anew; rules for routes and limits
    /// do not. The peer hears whether it was taken down or only changed (RFC 4486).
    /// </summary>
    public void Configure(BgpNeighborIntent intent)
    {
        if (_neighbors.TryGetValue(intent.Name, out var current))
        {
            if (current.Intent.IsSameSession(intent))
            {
                current.Reconfigure(intent);
                return;
            }

            if (current.Intent.IsSameSpeaker(intent) && _tcp.TrySet(intent))
            {
                current.Renew(intent);
                return;
            }

            End(
                current,
                intent.Settings.AdminDown
                    ? new PeerEvent.Stop(intent.Settings.ShutdownMessage)
                    : new PeerEvent.Stop(null, StopReason.OtherConfigurationChange)
            );
        }

        // An address has one neighbour: the object takes the place of what connected from a dynamic prefix.
        if (FindByAddress(intent.Address) is { } dynamic && DynamicNeighbors.IsDynamic(dynamic.Intent))
        {
            Remove(dynamic.Intent.Name);
        }

        Add(intent);
    }

    /// <summary>
    /// A dynamic neighbour without session and kept routes is forgotten, unless it is to stay away since it was above a limit; one whose session has
    /// ended soon, or with an error, when that counts no more. As many are remembered as may be there: an address costs its owner nothing.
    /// </summary>
    public void ForgetIfIdle(BgpNeighbor neighbor)
    {
        if (
            !DynamicNeighbors.IsDynamic(neighbor.Intent)
            || neighbor.IsPresent
            || _neighbors.GetValueOrDefault(neighbor.Intent.Name) != neighbor
        )
        {
            return;
        }

        var probation = neighbor.Peer.Probation;
        if (probation > TimeSpan.Zero)
        {
            neighbor.ForgetAfter(probation);
        }
        else if (!neighbor.Peer.IsOverPrefixLimit)
        {
            Remove(neighbor.Intent.Name);
            return;
        }

        if (_dynamic.Surplus(neighbor.Intent.Address, DynamicOnes(isPresent: false)) is { } surplus)
        {
            Remove(surplus.Intent.Name);
        }
    }

    /// <summary>From within a call of the neighbour itself.</summary>
    public void ForgetLater(BgpNeighbor neighbor) => _plane.Loop.Post(ForgetIfIdle, neighbor);

    /// <summary>The neighbour is no longer wanted, and hears so (RFC 4486).</summary>
    public void Remove(string name)
    {
        if (_neighbors.TryGetValue(name, out var neighbor))
        {
            End(neighbor, new PeerEvent.Stop(null, StopReason.PeerDeconfigured));
        }
    }

    /// <summary>Makes the prefixes from which speakers may connect what they shall be; a session that a change does not bear on goes on.</summary>
    public void Configure(EquatableArray<DynamicNeighborOptions> ranges)
    {
        _dynamic = new DynamicNeighbors(_tcp.Replace(ranges));
        foreach (var neighbor in _neighbors.Values.Where(other => DynamicNeighbors.IsDynamic(other.Intent)).ToList())
        {
            if (_dynamic.Find(neighbor.Intent.Address) is not { } intent)
            {
                Remove(neighbor.Intent.Name);
            }
            else if (neighbor.Intent.IsSameSession(intent))
            {
                neighbor.Reconfigure(intent);
            }
            else if (neighbor.Intent.IsSameSpeaker(intent))
            {
                neighbor.Renew(intent);
            }
            else
            {
                // It connects again, and is then what the prefix now says.
                End(neighbor, new PeerEvent.Stop(null, StopReason.OtherConfigurationChange));
            }
        }
    }

    /// <summary>Neighbours whose rules for routes differ by the policies take them, and no session ends.</summary>
    public void TakeRules()
    {
        foreach (var neighbor in _neighbors.Values)
        {
            neighbor.TakeRules();
        }
    }

    public BgpPeerOptions OptionsOf(BgpNeighborSettings settings) => SessionOptions.Of(settings, _options, _gate.IsRestarting);

    public IConnection Connect(BgpNeighbor neighbor, IConnectionHandler handler) =>
        _transport.Connect(
            new IPEndPoint(neighbor.Intent.Address.ToIPAddress(), neighbor.Intent.Settings.Port),
            new IPEndPoint(_options.Listen, 0),
            PeerTcpTable.OptionsOf(neighbor.Intent.Settings.Tcp),
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
        var neighbor = FindByAddress(address);
        if (neighbor is not null && (neighbor.IsPresent || !DynamicNeighbors.IsDynamic(neighbor.Intent)))
        {
            // One that the operator has taken down does not come in by a dynamic prefix.
            if (!neighbor.Intent.Settings.AdminDown)
            {
                return neighbor.Accept(connection);
            }
        }
        else if (_dynamic.TryCreate(address, DynamicOnes(isPresent: true).Select(other => other.Intent), out var intent))
        {
            return (neighbor ?? Add(intent)).Accept(connection);
        }

        LogStranger(address);
        return new RefusedConnection();
    }

    private IEnumerable<BgpNeighbor> DynamicOnes(bool isPresent) =>
        _neighbors.Values.Where(neighbor => neighbor.IsPresent == isPresent && DynamicNeighbors.IsDynamic(neighbor.Intent));

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
        var peer = new BgpPeer(OptionsOf(intent.Settings), _interner, _plane.Loop.Time, _random.Next());
        var neighbor = new BgpNeighbor(this, intent, peer);
        _neighbors.Add(intent.Name, neighbor);
        if ((DynamicNeighbors.IsDynamic(intent) || _tcp.TrySet(intent)) && !intent.Settings.AdminDown)
        {
            neighbor.Handle(new PeerEvent.Start());
        }

        return neighbor;
    }

    private void End(BgpNeighbor neighbor, PeerEvent.Stop stop)
    {
        _neighbors.Remove(neighbor.Intent.Name);
        neighbor.Handle(stop);
        neighbor.Dispose();
        Stopped?.Invoke(neighbor, stop.Reason);
        if (!DynamicNeighbors.IsDynamic(neighbor.Intent))
        {
            _tcp.Remove(neighbor.Intent);
        }
    }
}
