using System.Net;
using Fabric.Runtime;

namespace Fabric.Transport;

/// <summary>
/// One for which the system has no socket: out of descriptors, or without that address family. Its handler hears so later, like of any other
/// connection that does not come about, so that the caller goes on with what else it has to do.
/// </summary>
internal sealed class UnopenedConnection : IConnection
{
    private readonly IConnectionHandler _handler;
    private bool _isClosed;

    public UnopenedConnection(EndPoint remote, string reason, IEventLoop loop, IConnectionHandler handler)
    {
        _handler = handler;
        Remote = remote;
        loop.Post(static state => state.Connection.ReportClosed(state.reason), (Connection: this, reason));
    }

    public EndPoint Local => Remote;

    public EndPoint Remote { get; }

    public int PendingBytes => 0;

    public void Send(ReadOnlySpan<byte> bytes) { }

    public void StartTls(TlsCredentials credentials, TlsRole role) { }

    public void Close(bool abort = false) => ReportClosed("closed by this side");

    private void ReportClosed(string reason)
    {
        if (!_isClosed)
        {
            _isClosed = true;
            _handler.OnClosed(this, reason);
        }
    }
}
