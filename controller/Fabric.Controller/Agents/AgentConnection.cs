using System.Net;
using Fabric.Controller.Connections;
using Fabric.Controller.Routes;
using Fabric.Primitives;
using Fabric.Runtime;
using Fabric.Xmpp;

namespace Fabric.Controller.Agents;

/// <summary>Between one connection and the session on it: bytes, timers, TLS, and what to do when the agent reads slowly.</summary>
internal sealed class AgentConnection : IConnectionHandler, IAgentSessionEffects, IDisposable
{
    private readonly IConnection _connection;
    private readonly RoutingPlane _plane;
    private readonly TlsCredentials? _tls;
    private readonly AgentServer _server;
    private readonly AgentSession _session;
    private readonly LoopTimer[] _timers;
    private readonly BoundedOutput _output;
    private string? _closeReason;
    private bool _isDisposed;

    public AgentConnection(IConnection connection, RoutingPlane plane, TlsCredentials? tls, AgentRegistry registry, AgentServer server)
    {
        _connection = connection;
        Remote = IpAddress.From(((IPEndPoint)connection.Remote).Address);
        _plane = plane;
        _tls = tls;
        _server = server;
        _timers = [.. Enum.GetValues<AgentSessionTimer>().Select(timer => new LoopTimer(plane.Loop, () => _session!.TimerExpired(timer)))];
        _output = new BoundedOutput(connection, plane.Loop, SetBlocked);
        _session = registry.Accept(Remote, this);
    }

    public IpAddress Remote { get; }

    void IConnectionHandler.OnOpened(IConnection connection) { }

    int IConnectionHandler.OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) =>
        _isDisposed ? bytes.Length : _session.Receive(bytes);

    void IConnectionHandler.OnSecured(IConnection connection, IReadOnlyList<string> peerNames)
    {
        if (!_isDisposed)
        {
            _session.Secured(peerNames);
        }
    }

    void IConnectionHandler.OnWritable(IConnection connection) => _output.Drained();

    void IConnectionHandler.OnClosed(IConnection connection, string reason)
    {
        if (!_isDisposed)
        {
            _session.Closed(_closeReason ?? _output.ResetReason ?? reason);
            _server.Forget(this);
            Release();
        }
    }

    /// <summary>The control node ends: the agent is told nothing, and keeps its routes until another start (RFC 4724 section 4).</summary>
    public void Dispose()
    {
        _output.Close();
        Release();
    }

    private void Release()
    {
        _isDisposed = true;
        _output.Dispose();
        foreach (var timer in _timers)
        {
            timer.Dispose();
        }
    }

    void IAgentSessionEffects.Send(ReadOnlySpan<byte> bytes) => _output.Send(bytes);

    void IAgentSessionEffects.StartTls() =>
        _connection.StartTls(_tls ?? throw new InvalidOperationException("TLS without credentials."), TlsRole.Server);

    void IAgentSessionEffects.SetTimer(AgentSessionTimer timer, TimeSpan time) => _timers[(int)timer].Set(time);

    void IAgentSessionEffects.CancelTimer(AgentSessionTimer timer) => _timers[(int)timer].Cancel();

    void IAgentSessionEffects.Close(string reason)
    {
        _closeReason ??= reason;
        _output.Close();
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
