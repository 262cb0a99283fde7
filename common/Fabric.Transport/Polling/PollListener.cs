using System.Net;
using System.Net.Sockets;
using Fabric.Runtime;

namespace Fabric.Transport.Polling;

internal sealed class PollListener : IListener, IPolled
{
    private static readonly TimeSpan s_retryAfterError = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly PollLoop _loop;
    private readonly Func<IConnection, IConnectionHandler> _accepted;
    private readonly LoopTimer _retry;
    private readonly ListenerPeers _peers;
    private long _watch;
    private volatile bool _isDisposed;

    public PollListener(Socket socket, PollLoop loop, Func<IConnection, IConnectionHandler> accepted)
    {
        _socket = socket;
        _loop = loop;
        _accepted = accepted;
        _retry = new LoopTimer(loop, Watch);
        Local = socket.LocalEndPoint!;
        _peers = new ListenerPeers(socket);
        _socket.Blocking = false;
        PeerSocketOptions.MarkAsNetworkControl(socket);
        loop.Post(static listener => listener.Watch(), this);
    }

    public EndPoint Local { get; }

    public void Ready(PollEvents events)
    {
        Socket socket;
        try
        {
            socket = _socket.Accept();
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.WouldBlock)
        {
            return;
        }
        catch (SocketException)
        {
            // Out of descriptors, or a client that went away in the queue: the next one may do better.
            Unwatch();
            _retry.Set(s_retryAfterError);
            return;
        }
        catch (ObjectDisposedException)
        {
            return;
        }

        var remote = socket.RemoteEndPoint ?? Local;
        if (remote is IPEndPoint peer)
        {
            _peers.Apply(socket, peer.Address);
        }

        new PollConnection(socket, remote, _loop, handler: null).StartAccepted(_accepted);
    }

    public void SetPeerOptions(IPNetwork peers, PeerTcpOptions? options) => _peers.Set(peers, options);

    /// <summary>From any thread: the port is free when this returns, if it is the loop's, else soon after.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        StreamSocket.RemoveFile(Local);
        if (_loop.IsCurrent)
        {
            End();
        }
        else
        {
            _loop.Post(static listener => listener.End(), this);
        }
    }

    private void Watch()
    {
        if (!_isDisposed)
        {
            _watch = _loop.Watch(_socket.SafeHandle, PollEvents.Readable, this);
        }
    }

    private void Unwatch() => _loop.Unwatch(_socket.SafeHandle, _watch);

    private void End()
    {
        Unwatch();
        _retry.Dispose();
        _socket.Dispose();
    }
}
