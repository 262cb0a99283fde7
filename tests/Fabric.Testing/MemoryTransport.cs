using System.Net;
using Fabric.Runtime;

namespace Fabric.Testing;

/// <summary>Connections whose other end is the test. A connection to an end point that nobody serves is refused.</summary>
public sealed class MemoryTransport : ITransport
{
    public HashSet<string> Served { get; } = [];

    /// <summary>All connections made, oldest first.</summary>
    public List<MemoryConnection> Connections { get; } = [];

    public IListener Listen(EndPoint local, IEventLoop loop, Func<IConnection, IConnectionHandler> accepted) =>
        throw new NotSupportedException("These connections are all outgoing.");

    public IConnection Connect(EndPoint remote, EndPoint? local, IEventLoop loop, IConnectionHandler handler)
    {
        var connection = new MemoryConnection(remote, loop, handler);
        Connections.Add(connection);
        loop.Post(static call => call.connection.Open(call.isServed), (connection, isServed: Served.Contains(remote.ToString()!)));
        return connection;
    }

    public MemoryConnection Last(string remote) => Connections.Last(connection => connection.Remote.ToString() == remote);
}
