using System.Net;
using System.Net.Sockets;

namespace Fabric.FlowExport;

/// <summary>A UDP socket towards one collector; the export's thread alone uses it. A collector that is away costs datagrams, never time.</summary>
internal sealed class CollectorSocket(string protocol, IPEndPoint collector) : IDisposable
{
    // A closed port is told by ICMP, so that of two datagrams one still seems to be sent.
    private const int SentBeforeTrusted = 10;

    private Socket? _socket;
    private int _sentInRow;
    private long _sent;
    private long _failed;

    public CollectorStatistics Statistics => new(protocol, collector, Interlocked.Read(ref _sent), Interlocked.Read(ref _failed));

    /// <summary>Why datagrams cannot be sent; null: the last ones could.</summary>
    public SocketError? Fault { get; private set; }

    public void Send(ReadOnlySpan<byte> datagram)
    {
        if (_socket is null)
        {
            Interlocked.Increment(ref _failed);
            return;
        }

        _socket.Send(datagram, SocketFlags.None, out var error);
        if (error == SocketError.Success)
        {
            Interlocked.Increment(ref _sent);
            if (++_sentInRow >= SentBeforeTrusted)
            {
                Fault = null;
            }

            return;
        }

        // The collector's port was closed for an earlier datagram (ICMP), or the queue is full: the next one may do. All else wants another socket.
        Interlocked.Increment(ref _failed);
        Fault = error;
        _sentInRow = 0;
        if (error is not (SocketError.ConnectionRefused or SocketError.WouldBlock))
        {
            Dispose();
        }
    }

    /// <summary>Opens the socket, where it is not; called each second or so.</summary>
    public void Open()
    {
        if (_socket is not null)
        {
            return;
        }

        try
        {
            // The kernel chooses the source address, and refuses at once where there is no route.
            _socket = new Socket(collector.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            _socket.Connect(collector);
        }
        catch (SocketException exception)
        {
            Dispose();
            _sentInRow = 0;
            Fault = exception.SocketErrorCode;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
