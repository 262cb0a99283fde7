using System.Net;
using Fabric.Bgp;
using Fabric.Controller.Connections;
using Fabric.Runtime;

namespace Fabric.Controller.Bgp;

/// <summary>One of a neighbour's connections.</summary>
internal sealed class BgpConnection(BgpNeighbor neighbor, int id, bool isAccepted) : IConnectionHandler, IDisposable
{
    private IConnection? _connection;
    private BoundedOutput? _output;
    private bool _isOpen;

    public int Id => id;

    /// <summary>This end.</summary>
    public IPEndPoint? Local => _connection?.Local as IPEndPoint;

    /// <summary>The neighbour's end.</summary>
    public IPEndPoint? Remote => _connection?.Remote as IPEndPoint;

    /// <summary>Octets for the neighbour that the network has not taken.</summary>
    public int UnsentBytes => _connection?.PendingBytes ?? 0;

    /// <summary>Octets of the neighbour that this node has not worked on.</summary>
    public int UnreadBytes => _connection?.UnreadBytes ?? 0;

    /// <summary>Gives it the connection that it is about.</summary>
    public void Attach(IConnection connection, IEventLoop loop)
    {
        _connection = connection;
        _output = new BoundedOutput(connection, loop, neighbor.SetBlocked);
    }

    public void Send(ReadOnlySpan<byte> bytes) => _output!.Send(bytes);

    /// <summary>Queues by reference what many neighbours are sent.</summary>
    public void Send(OutputRun run) => _output!.Send(run);

    /// <inheritdoc cref="BoundedOutput.SendHoldTime"/>
    public void AllowUnread(TimeSpan time) => _output!.SendHoldTime = time;

    public void Close()
    {
        if (_isOpen)
        {
            _output!.Close();
        }
        else
        {
            _connection?.Close(abort: true);
        }
    }

    void IConnectionHandler.OnOpened(IConnection connection)
    {
        _isOpen = true;
        neighbor.Handle(isAccepted ? new PeerEvent.ConnectionAccepted(id) : new PeerEvent.ConnectionOpened(id));
    }

    int IConnectionHandler.OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => neighbor.Receive(id, bytes);

    void IConnectionHandler.OnWritable(IConnection connection) => _output!.Drained();

    void IConnectionHandler.OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

    void IConnectionHandler.OnClosed(IConnection connection, string reason)
    {
        var hasNotRead = _output?.ResetReason is not null;
        Dispose();
        neighbor.Closed(id, reason, hasNotRead);
    }

    public void Dispose() => _output?.Dispose();
}
