using System.Net;
using System.Net.Sockets;
using Fabric.Runtime;

namespace Fabric.Transport;

internal sealed class SocketListener : IListener
{
    private static readonly TimeSpan s_retryAfterError = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket;
    private readonly IEventLoop _loop;
    private readonly Func<IConnection, IConnectionHandler> _accepted;
    private volatile bool _disposed;

    public SocketListener(Socket socket, IEventLoop loop, Func<IConnection, IConnectionHandler> accepted)
    {
        _socket = socket;
        _loop = loop;
        _accepted = accepted;
        Local = socket.LocalEndPoint!;
        _ = AcceptAsync();
    }

    public EndPoint Local { get; }

    public void SetPeerOptions(IPNetwork peers, PeerTcpOptions? options)
    {
        if (options is not null && options != PeerTcpOptions.None)
        {
            throw new NotSupportedException("TCP options of a neighbour need a polled transport.");
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _socket.Dispose();
        StreamSocket.RemoveFile(Local);
    }

    private async Task AcceptAsync()
    {
        while (!_disposed)
        {
            try
            {
                var socket = await _socket.AcceptAsync();
                var connection = new SocketConnection(socket, socket.RemoteEndPoint ?? Local, _loop, handler: null);
                connection.StartAccepted(_accepted);
            }
            catch (SocketException) when (!_disposed)
            {
                // Out of descriptors, or a client that went away in the queue: the next one may do better.
                await Task.Delay(s_retryAfterError);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
