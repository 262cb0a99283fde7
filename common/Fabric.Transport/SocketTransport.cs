using System.Net;
using Fabric.Runtime;

namespace Fabric.Transport;

/// <summary>
/// TCP and unix stream sockets behind <see cref="ITransport"/>, with TLS. Reading and writing run on the thread pool; handlers
/// hear of everything on their loop, which may be of any kind.
/// </summary>
public sealed class SocketTransport : ITransport
{
    public IListener Listen(EndPoint local, IEventLoop loop, Func<IConnection, IConnectionHandler> accepted) =>
        new SocketListener(StreamSocket.Listen(local), loop, accepted);

    public IConnection Connect(EndPoint remote, EndPoint? local, IEventLoop loop, IConnectionHandler handler)
    {
        if (!StreamSocket.TryCreate(remote, out var socket, out var reason))
        {
            return new UnopenedConnection(remote, reason, loop, handler);
        }

        var connection = new SocketConnection(socket, remote, loop, handler);
        connection.StartConnecting(local);
        return connection;
    }

    public IConnection Connect(EndPoint remote, EndPoint? local, PeerTcpOptions? options, IEventLoop loop, IConnectionHandler handler) =>
        options is null
            ? Connect(remote, local, loop, handler)
            : throw new NotSupportedException("TCP options of a neighbour need a polled transport.");
}
