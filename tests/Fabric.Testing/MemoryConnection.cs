using System.Net;
using Fabric.Runtime;

namespace Fabric.Testing;

/// <summary>A connection whose other end is the test.</summary>
public sealed class MemoryConnection(EndPoint remote, IEventLoop loop, IConnectionHandler handler) : IConnection
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

    /// <summary>What the program has sent since the last call.</summary>
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
