using Fabric.Bgp;
using Fabric.Runtime;

namespace Fabric.Controller.Bgp;

/// <summary>One of a neighbour's connections.</summary>
internal sealed class BgpConnection(BgpNeighbor neighbor, int id, bool isAccepted) : IConnectionHandler
{
    // A peer that leaves this much unread is not written to; its changes coalesce in the routing core.
    private const int HighWaterBytes = 1 << 20;

    private bool _blocked;

    public int Id => id;

    public IConnection? Connection { get; set; }

    public void Send(ReadOnlySpan<byte> bytes)
    {
        Connection!.Send(bytes);
        if (!_blocked && Connection.PendingBytes > HighWaterBytes)
        {
            _blocked = true;
            neighbor.SetBlocked(true);
        }
    }

    void IConnectionHandler.OnOpened(IConnection connection) =>
        neighbor.Handle(isAccepted ? new PeerEvent.ConnectionAccepted(id) : new PeerEvent.ConnectionOpened(id));

    int IConnectionHandler.OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => neighbor.Receive(id, bytes);

    void IConnectionHandler.OnWritable(IConnection connection)
    {
        if (_blocked)
        {
            _blocked = false;
            neighbor.SetBlocked(false);
        }
    }

    void IConnectionHandler.OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

    void IConnectionHandler.OnClosed(IConnection connection, string reason) => neighbor.Closed(id, reason);
}
