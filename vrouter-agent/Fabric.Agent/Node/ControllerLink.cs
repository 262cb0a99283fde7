using System.Net;
using Fabric.Agent.Core;
using Fabric.Agent.Core.Routes;
using Fabric.Agent.Core.Xmpp;
using Fabric.Model.AgentView;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Wire.Xmpp;

namespace Fabric.Agent.Node;

/// <summary>One controller's connection, session and timers; what it hears becomes events of the core. Owned by the agent's loop.</summary>
internal sealed class ControllerLink : IConnectionHandler, IControllerSessionEffects, IDisposable
{
    private readonly AgentNodeOptions _options;
    private readonly IEventLoop _loop;
    private readonly ITransport _transport;
    private readonly IControllerLinkOwner _owner;
    private readonly LoopTimer[] _timers;
    private readonly List<AgentViewObject> _objects = [];
    private readonly List<AgentViewKey> _keys = [];
    private IConnection? _connection;
    private bool _wasEstablished;

    public ControllerLink(EndPoint endPoint, AgentNodeOptions options, IEventLoop loop, ITransport transport, IControllerLinkOwner owner)
    {
        EndPoint = endPoint;
        Name = endPoint.ToString()!;
        _options = options;
        _loop = loop;
        _transport = transport;
        _owner = owner;
        Session = new ControllerSession(
            new ControllerSessionOptions
            {
                AgentName = options.Name,
                JitterSeed = options.Seed,
                UseTls = options.Tls is not null,
                ControllerNames = options.ControllerNames.Count > 0 ? options.ControllerNames : AddressOf(endPoint),
                HoldTime = options.XmppHoldTime,
                FirstRetryTime = options.ReconnectTime,
            },
            this
        );
        _timers = Enum.GetValues<ControllerSessionTimer>()
            .Select(timer => new LoopTimer(loop, () => Session.TimerExpired(timer)))
            .ToArray();
    }

    public EndPoint EndPoint { get; }

    /// <summary>The name of the controller in the core's events.</summary>
    public string Name { get; }

    public ControllerSession Session { get; }

    /// <summary>Why the last session or try ended; empty before the first end.</summary>
    public string LastError { get; private set; } = "";

    public DateTimeOffset? EstablishedAt { get; private set; }

    public long SkippedCount { get; private set; }

    /// <summary>From the tunnel's address: the control node takes only routes whose next hop is where the session comes from.</summary>
    public void Connect()
    {
        var local = EndPoint is IPEndPoint ? new IPEndPoint(_options.Address.ToIPAddress(), 0) : null;
        _connection = _transport.Connect(EndPoint, local, _loop, this);
    }

    public void Send(ReadOnlySpan<byte> bytes) => _connection?.Send(bytes);

    public void StartTls() => _connection?.StartTls(_options.Tls!, TlsRole.Client);

    public void SetTimer(ControllerSessionTimer timer, TimeSpan time) => _timers[(int)timer].Set(time);

    public void CancelTimer(ControllerSessionTimer timer) => _timers[(int)timer].Cancel();

    public void Close(string reason)
    {
        var connection = _connection;
        _connection = null;
        connection?.Close(abort: true);
    }

    public void Established()
    {
        _wasEstablished = true;
        EstablishedAt = _loop.Time.GetUtcNow();
        LastError = "";
        _owner.Established(this);
    }

    public void Down(string reason)
    {
        var wasEstablished = _wasEstablished;
        _wasEstablished = false;
        EstablishedAt = null;
        var isNews = wasEstablished || LastError != reason;
        LastError = reason;
        _owner.Down(this, wasEstablished, isNews);
    }

    public void RouteUpdated(string vrf, UnicastItem item) =>
        _owner.Raise(new RouteUpdated(Name, new VrfPrefix(vrf, item.Prefix), RouteItems.ToRoute(item)));

    public void RouteRetracted(string vrf, AddressFamily family, IpPrefix prefix) =>
        _owner.Raise(new RouteRetracted(Name, new VrfPrefix(vrf, prefix)));

    public void EndOfRibReceived() => _owner.Raise(new EndOfRibReceived(Name));

    public void ConfigReceived(ConfigStanza config)
    {
        _objects.Clear();
        _keys.Clear();
        foreach (var node in config.Updates)
        {
            if (!AgentViewXml.TryDecodeUpdate(node.Span, _objects, out var error))
            {
                InputSkipped($"config update: {error}");
            }
        }

        foreach (var node in config.Deletes)
        {
            if (!AgentViewXml.TryDecodeDelete(node.Span, _keys, out var error))
            {
                InputSkipped($"config delete: {error}");
            }
        }

        foreach (var item in _objects)
        {
            _owner.Raise(new ConfigUpdated(Name, item));
        }

        foreach (var key in _keys)
        {
            _owner.Raise(new ConfigDeleted(Name, key));
        }
    }

    public void EndOfConfigReceived(ulong generation) => _owner.Raise(new EndOfConfigReceived(Name));

    public void InputSkipped(string reason)
    {
        SkippedCount++;
        _owner.InputSkipped(this, reason);
    }

    public void OnOpened(IConnection connection)
    {
        if (connection == _connection)
        {
            Session.Connected();
        }
    }

    public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) =>
        connection == _connection ? Session.Receive(bytes) : bytes.Length;

    public void OnWritable(IConnection connection) { }

    public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames)
    {
        if (connection == _connection)
        {
            Session.Secured(peerNames);
        }
    }

    public void OnClosed(IConnection connection, string reason)
    {
        // A connection that the session has given up before is another's no more.
        if (connection == _connection)
        {
            _connection = null;
            Session.Closed(reason);
        }
    }

    private static IReadOnlyList<string> AddressOf(EndPoint endPoint) =>
        endPoint is IPEndPoint { Address: var address } ? [$"{address}"] : [];

    public void Dispose()
    {
        Close("stopped");
        foreach (var timer in _timers)
        {
            timer.Dispose();
        }
    }
}
