using System.Net;
using Fabric.Runtime;

namespace Fabric.Agent.Tests;

/// <summary>Connections whose other end is the test. A connection to an end point that nobody serves is refused.</summary>
internal sealed class MemoryTransport : ITransport
{
    public HashSet<string> Served { get; } = [];

    /// <summary>All connections made, oldest first.</summary>
    public List<MemoryConnection> Connections { get; } = [];

    public IListener Listen(EndPoint local, IEventLoop loop, Func<IConnection, IConnectionHandler> accepted) =>
        throw new NotSupportedException("The agent does not listen.");

    public IConnection Connect(EndPoint remote, EndPoint? local, IEventLoop loop, IConnectionHandler handler)
    {
        var connection = new MemoryConnection(remote, loop, handler);
        Connections.Add(connection);
        loop.Post(static call => call.connection.Open(call.isServed), (connection, isServed: Served.Contains(remote.ToString()!)));
        return connection;
    }

    public MemoryConnection Last(string remote) => Connections.Last(connection => connection.Remote.ToString() == remote);
}

internal sealed class MemoryConnection(EndPoint remote, IEventLoop loop, IConnectionHandler handler) : IConnection
{
    private readonly List<byte> _sent = [];
    private readonly List<byte> _received = [];
    private bool _isClosed;

    public EndPoint Local => remote;

    public EndPoint Remote => remote;

    public int PendingBytes => 0;

    public bool IsClosed => _isClosed;

    public void Send(ReadOnlySpan<byte> bytes) => _sent.AddRange(bytes);

    public void StartTls(TlsCredentials credentials, TlsRole role) => throw new NotSupportedException();

    public void Close(bool abort = false) => End("closed");

    /// <summary>What the agent has sent since the last call.</summary>
    public byte[] TakeSent()
    {
        var sent = _sent.ToArray();
        _sent.Clear();
        return sent;
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        _received.AddRange(bytes);
        loop.Post(static connection => connection.Deliver(), this);
    }

    public void End(string reason) => loop.Post(static call => call.Item1.Closed(call.reason), (this, reason));

    internal void Open(bool isServed)
    {
        if (isServed)
        {
            handler.OnOpened(this);
        }
        else
        {
            Closed("Connection refused");
        }
    }

    private void Deliver()
    {
        if (!_isClosed)
        {
            _received.RemoveRange(0, handler.OnReceived(this, _received.ToArray()));
        }
    }

    private void Closed(string reason)
    {
        if (!_isClosed)
        {
            _isClosed = true;
            handler.OnClosed(this, reason);
        }
    }
}
