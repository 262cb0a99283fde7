using Fabric.Controller.Routes;
using Fabric.Runtime;
using Fabric.Xmpp;

namespace Fabric.Controller.Agents;

/// <summary>Between one connection and the session on it: bytes, timers, TLS, and what to do when the agent reads slowly.</summary>
internal sealed class AgentConnection : IConnectionHandler, IAgentSessionEffects
{
    // An agent that leaves this much unread is not written to; its changes coalesce in the routing core.
    private const int HighWaterBytes = 1 << 20;

    private readonly IConnection _connection;
    private readonly RoutingPlane _plane;
    private readonly TlsCredentials? _tls;
    private readonly AgentServer _server;
    private readonly AgentSession _session;
    private readonly LoopTimer[] _timers;
    private string? _closeReason;
    private bool _blocked;

    public AgentConnection(
        IConnection connection,
        RoutingPlane plane,
        TlsCredentials? tls,
        Func<IAgentSessionEffects, AgentSession> accept,
        AgentServer server
    )
    {
        _connection = connection;
        _plane = plane;
        _tls = tls;
        _server = server;
        _timers = [.. Enum.GetValues<AgentSessionTimer>().Select(timer => new LoopTimer(plane.Loop, () => _session!.TimerExpired(timer)))];
        _session = accept(this);
    }

    void IConnectionHandler.OnOpened(IConnection connection) { }

    int IConnectionHandler.OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => _session.Receive(bytes);

    void IConnectionHandler.OnSecured(IConnection connection, IReadOnlyList<string> peerNames) => _session.Secured(peerNames);

    void IConnectionHandler.OnWritable(IConnection connection)
    {
        if (_blocked)
        {
            _blocked = false;
            SetBlocked(false);
        }
    }

    void IConnectionHandler.OnClosed(IConnection connection, string reason)
    {
        foreach (var timer in _timers)
        {
            timer.Dispose();
        }

        _session.Closed(_closeReason ?? reason);
    }

    void IAgentSessionEffects.Send(ReadOnlySpan<byte> bytes)
    {
        _connection.Send(bytes);
        if (!_blocked && _connection.PendingBytes > HighWaterBytes)
        {
            _blocked = true;
            SetBlocked(true);
        }
    }

    void IAgentSessionEffects.StartTls() =>
        _connection.StartTls(_tls ?? throw new InvalidOperationException("TLS without credentials."), TlsRole.Server);

    void IAgentSessionEffects.SetTimer(AgentSessionTimer timer, TimeSpan time) => _timers[(int)timer].Set(time);

    void IAgentSessionEffects.CancelTimer(AgentSessionTimer timer) => _timers[(int)timer].Cancel();

    void IAgentSessionEffects.Close(string reason)
    {
        _closeReason ??= reason;
        _connection.Close();
    }

    private void SetBlocked(bool blocked)
    {
        if (_session.Agent is { IsEstablished: true } agent && _server.StateOf(agent) is { } state)
        {
            _plane.Core.SetBlocked(state.Peer, blocked);
            _plane.Changed();
        }
    }
}
