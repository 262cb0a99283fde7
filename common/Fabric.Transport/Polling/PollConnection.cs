using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Fabric.Runtime;
using Fabric.Transport.Native;

namespace Fabric.Transport.Polling;

/// <summary>
/// One non-blocking socket that its loop polls. Between reads it keeps only the beginning of a message that was not complete;
/// between turns only what the network has not taken.
/// </summary>
internal sealed class PollConnection : IConnection, IPolled
{
    // Sooner than the turn's end: the far end begins to read while this one still writes.
    private const int FlushAtBytes = 262_144;

    private readonly Socket _socket;
    private readonly PollLoop _loop;
    private readonly OutputQueue _output;
    private IConnectionHandler? _handler;
    private PollEvents _interest;
    private long _watch;
    private byte[] _kept = [];
    private int _keptBytes;
    private string? _writeFailure;
    private bool _isOpen;
    private bool _isClosing;
    private bool _isClosed;
    private bool _isFull;
    private bool _willFlush;
    private bool _hasSent;

    public PollConnection(Socket socket, EndPoint remote, PollLoop loop, IConnectionHandler? handler)
    {
        _socket = socket;
        _loop = loop;
        _handler = handler;
        _output = new OutputQueue(loop.Segments);
        Remote = remote;
        Local = remote;
    }

    public EndPoint Local { get; private set; }

    public EndPoint Remote { get; }

    public int PendingBytes => _output.Bytes;

    public int UnreadBytes => _isOpen && !_isClosed ? _keptBytes + _socket.Available : 0;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (!_isClosing && !_isClosed && !bytes.IsEmpty)
        {
            _output.Append(bytes);
            Appended();
        }
    }

    public void Send(OutputSegment segment)
    {
        if (!_isClosing && !_isClosed && segment.Length > 0)
        {
            _output.Append(segment);
            Appended();
        }
    }

    /// <summary>TLS is SocketTransport's: its handshakes would hold up a loop.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public void StartTls(TlsCredentials credentials, TlsRole role) =>
        throw new NotSupportedException("A polled connection has no TLS; SocketTransport has.");

    public void Close(bool abort = false)
    {
        if (abort)
        {
            ReportClosed("closed by this side");
        }
        else if (!_isClosed)
        {
            _isClosing = true;
            FlushLater();
        }
    }

    public void StartConnecting(EndPoint? local, PeerTcpOptions? options)
    {
        if (_isClosed)
        {
            return;
        }

        try
        {
            _socket.Blocking = false;
            if (local is not null)
            {
                _socket.Bind(local);
            }

            Prepare(options);
            _socket.Connect(Remote);
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            Watch(PollEvents.Writable);
            return;
        }
        catch (SocketException exception)
        {
            ReportClosed(exception.Message);
            return;
        }

        Watch(PollEvents.Readable);
        Opened();
    }

    public void StartAccepted(Func<IConnection, IConnectionHandler> accepted)
    {
        _socket.Blocking = false;
        Local = _socket.LocalEndPoint ?? Remote;
        _handler = accepted(this);
        if (!_isClosed)
        {
            Watch(PollEvents.Readable);
            Opened();
        }
    }

    public void Ready(PollEvents events)
    {
        if (!_isOpen)
        {
            FinishConnecting();
            return;
        }

        if (_isFull && events.HasFlag(PollEvents.Writable))
        {
            _isFull = false;
            FlushLater();
        }

        if ((events & ~PollEvents.Writable) != PollEvents.None)
        {
            Receive();
        }
    }

    /// <summary>The turn's end: writes what was queued, and tells what came of it.</summary>
    public void Flush()
    {
        _willFlush = false;
        if (!_isOpen || _isClosed)
        {
            return;
        }

        Write();
        if (_writeFailure is not null)
        {
            // The far end may have said why, before it went.
            while (!_isClosed && Receive()) { }
            ReportClosed(_writeFailure);
        }
        else if (_output.Bytes > 0)
        {
            SetInterest(PollEvents.Readable | PollEvents.Writable);
        }
        else if (_isClosing)
        {
            Finish();
        }
        else
        {
            SetInterest(PollEvents.Readable);
            if (_hasSent)
            {
                _hasSent = false;
                _handler!.OnWritable(this);
            }
        }
    }

    private void Prepare(PeerTcpOptions? options)
    {
        PeerSocketOptions.MarkAsNetworkControl(_socket);
        if (Remote is not IPEndPoint remote)
        {
            return;
        }

        if (options?.Md5Key is { } key)
        {
            PeerSocketOptions.SetMd5Key(_socket, new IPNetwork(remote.Address, remote.Address.GetAddressBytes().Length * 8), key);
        }

        if (options?.Ttl is { } ttl)
        {
            PeerSocketOptions.SetTtl(_socket, ttl);
        }

        if (options?.MinimumTtl is { } minimum)
        {
            PeerSocketOptions.SetMinimumTtl(_socket, minimum);
        }
    }

    private void Appended()
    {
        _hasSent = true;
        FlushLater();
        if (_output.Bytes >= FlushAtBytes)
        {
            Write();
        }
    }

    private void Write()
    {
        if (_isOpen && !_isFull && _writeFailure is null)
        {
            _writeFailure = _output.Write(_socket);
            _isFull = _output.Bytes > 0;
        }
    }

    private void FlushLater()
    {
        if (!_willFlush)
        {
            _willFlush = true;
            _loop.FlushLater(this);
        }
    }

    private void FinishConnecting()
    {
        var error = (SocketError)(int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (error == SocketError.Success)
        {
            SetInterest(PollEvents.Readable);
            Opened();
        }
        else
        {
            ReportClosed(Describe(error));
        }
    }

    private void Opened()
    {
        if (_socket.ProtocolType == ProtocolType.Tcp)
        {
            TcpOptions.Apply(_socket);
        }

        Local = _socket.LocalEndPoint ?? Remote;
        _isOpen = true;
        _handler!.OnOpened(this);
        if (!_isClosed)
        {
            // What was sent, or closed, before there was a connection.
            FlushLater();
        }
    }

    /// <returns>Whether there were bytes.</returns>
    private bool Receive()
    {
        var buffer = _loop.ReceiveBuffer(_keptBytes);
        _kept.AsSpan(0, _keptBytes).CopyTo(buffer);
        var count = Receive(buffer.AsSpan(_keptBytes));
        if (count > 0)
        {
            Deliver(buffer.AsSpan(0, _keptBytes + count));
            return true;
        }

        if (count == 0)
        {
            ReportClosed(_writeFailure ?? "closed by the peer");
        }
        else if (Marshal.GetLastPInvokeError() is not (Libc.TryAgain or Libc.Interrupted) and var error)
        {
            ReportClosed(_writeFailure ?? Marshal.GetPInvokeErrorMessage(error));
        }

        return false;
    }

    private unsafe int Receive(Span<byte> room)
    {
        fixed (byte* first = room)
        {
            return (int)Libc.Receive(_socket.SafeHandle, first, (nuint)room.Length, flags: 0);
        }
    }

    private void Deliver(ReadOnlySpan<byte> bytes)
    {
        var consumed = 0;
        try
        {
            consumed = _handler!.OnReceived(this, bytes);
        }
        finally
        {
            Keep(_isClosed ? [] : bytes[consumed..]);
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _kept.Length || (bytes.IsEmpty && _kept.Length > 0))
        {
            if (_kept.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_kept);
            }

            _kept = bytes.IsEmpty ? [] : ArrayPool<byte>.Shared.Rent(bytes.Length);
        }

        bytes.CopyTo(_kept);
        _keptBytes = bytes.Length;
    }

    private void Finish()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The far end was faster; the connection is over either way.
        }

        ReportClosed("closed by this side");
    }

    private void ReportClosed(string reason)
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _loop.Unwatch(_socket.SafeHandle, _watch);
        _socket.Dispose();
        _output.Clear();
        Keep([]);
        _handler?.OnClosed(this, reason);
    }

    private void Watch(PollEvents interest)
    {
        _interest = interest;
        _watch = _loop.Watch(_socket.SafeHandle, interest, this);
    }

    private void SetInterest(PollEvents interest)
    {
        if (_interest != interest)
        {
            _interest = interest;
            _loop.ChangeInterest(_socket.SafeHandle, interest, _watch);
        }
    }

    private static string Describe(SocketError error) => new SocketException((int)error).Message;
}
