using Fabric.Runtime;

namespace Fabric.Controller.Connections;

/// <summary>A connection that nobody takes: it is closed as soon as it is open.</summary>
internal sealed class RefusedConnection : IConnectionHandler
{
    public void OnOpened(IConnection connection) => connection.Close(abort: true);

    public int OnReceived(IConnection connection, ReadOnlySpan<byte> bytes) => bytes.Length;

    public void OnWritable(IConnection connection) { }

    public void OnSecured(IConnection connection, IReadOnlyList<string> peerNames) { }

    public void OnClosed(IConnection connection, string reason) { }
}
