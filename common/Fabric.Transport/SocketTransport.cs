using System.Net;
using System.Net.Sockets;
using Fabric.Runtime;

namespace Fabric.Transport;

/// <summary>
/// TCP and unix stream sockets behind <see cref="ITransport"/>: the only code with stream sockets. Reading and writing run on
/// the thread pool; handlers hear of everything on their loop.
/// </summary>
public sealed class SocketTransport : ITransport
{
    private const int Backlog = 512;

    public IListener Listen(EndPoint local, IEventLoop loop, Func<IConnection, IConnectionHandler> accepted)
    {
        var socket = NewSocket(local);
        try
        {
            if (local is UnixDomainSocketEndPoint unix)
            {
                UnixSocketFile.RemoveStale(unix);
            }

            // Bind sets SO_REUSEADDR by itself on Unix; asking for it here would add SO_REUSEPORT and let two processes share the port.
            socket.Bind(local);
            socket.Listen(Backlog);
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new IOException($"Cannot listen on {local}: {exception.Message}.", exception);
        }

        return new SocketListener(socket, loop, accepted);
    }

    public IConnection Connect(EndPoint remote, EndPoint? local, IEventLoop loop, IConnectionHandler handler)
    {
        var connection = new SocketConnection(NewSocket(remote), remote, loop, handler);
        connection.StartConnecting(local);
        return connection;
    }

    private static Socket NewSocket(EndPoint endPoint) =>
        endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
}
