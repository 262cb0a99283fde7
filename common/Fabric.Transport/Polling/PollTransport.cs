using System.Net;
using Fabric.Runtime;

namespace Fabric.Transport.Polling;

/// <summary>
/// TCP and unix stream sockets that a <see cref="PollLoop"/> reads and writes on its own thread; for sessions whose latency
/// counts. What it sends is marked as network control (DSCP CS6). It has no TLS.
/// </summary>
public sealed class PollTransport : ITransport
{
    public IListener Listen(EndPoint local, IEventLoop loop, Func<IConnection, IConnectionHandler> accepted) =>
        new PollListener(StreamSocket.Listen(local), PollLoopOf(loop), accepted);

    public IConnection Connect(EndPoint remote, EndPoint? local, IEventLoop loop, IConnectionHandler handler) =>
        Connect(remote, local, options: null, loop, handler);

    public IConnection Connect(EndPoint remote, EndPoint? local, PeerTcpOptions? options, IEventLoop loop, IConnectionHandler handler)
    {
        var poll = PollLoopOf(loop);
        if (!StreamSocket.TryCreate(remote, out var socket, out var reason))
        {
            return new UnopenedConnection(remote, reason, loop, handler);
        }

        var connection = new PollConnection(socket, remote, poll, handler);
        poll.Post(static state => state.connection.StartConnecting(state.local, state.options), (connection, local, options));
        return connection;
    }

    private static PollLoop PollLoopOf(IEventLoop loop) =>
        loop as PollLoop ?? throw new ArgumentException("Polled sockets need a loop that polls.", nameof(loop));
}
