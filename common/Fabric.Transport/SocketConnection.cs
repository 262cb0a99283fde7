using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Fabric.Runtime;

namespace Fabric.Transport;

/// <summary>
/// One socket as a connection. Received bytes are handed to the handler on the loop and the next read waits until it has
/// consumed what it wants, so a busy loop holds its senders back. Sent bytes go through a pipe to a writer that sends all that
/// has gathered in one call.
/// </summary>
internal sealed class SocketConnection : IConnection, IDisposable
{
    private const int ReadBufferBytes = 65_536;

    private readonly Socket _socket;
    private readonly IEventLoop _loop;
    private readonly Pipe _output = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
    private readonly ArrayBufferWriter<byte> _heldForTls = new();
    private IConnectionHandler? _handler;
    private Stream _stream = Stream.Null;
    private (TlsCredentials Credentials, TlsRole Role)? _tlsRequest;
    private TaskCompletionSource? _drained;
    private bool _securing;
    private bool _delivering;
    private bool _closing;
    private bool _closed;
    private int _pendingBytes;

    public SocketConnection(Socket socket, EndPoint remote, IEventLoop loop, IConnectionHandler? handler)
    {
        _socket = socket;
        _loop = loop;
        _handler = handler;
        Remote = remote;
        Local = remote;
    }

    public EndPoint Local { get; private set; }

    public EndPoint Remote { get; }

    public int PendingBytes => Volatile.Read(ref _pendingBytes);

    public void Send(ReadOnlySpan<byte> bytes)
    {
        if (_closing || _closed || bytes.IsEmpty)
        {
            return;
        }

        if (_securing)
        {
            _heldForTls.Write(bytes);
            return;
        }

        Interlocked.Add(ref _pendingBytes, bytes.Length);
        _output.Writer.Write(bytes);
        var flushed = _output.Writer.FlushAsync();
        if (!flushed.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException("The output pipe has no threshold; flushing it cannot wait.");
        }
    }

    public void StartTls(TlsCredentials credentials, TlsRole role)
    {
        if (!_delivering)
        {
            throw new InvalidOperationException("TLS starts between two reads: call StartTls from OnReceived.");
        }

        _tlsRequest = (credentials, role);
        _securing = true;
        var drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // A full fence between this store and the read of the count: the writer does the two the other way round.
        Interlocked.Exchange(ref _drained, drained);
        if (PendingBytes == 0)
        {
            drained.TrySetResult();
        }
    }

    public void Close(bool abort = false)
    {
        if (_closed)
        {
            return;
        }

        if (abort)
        {
            ReportClosed("closed by this side");
        }
        else
        {
            // The writer sends what is queued, then ends the connection.
            _closing = true;
            _output.Writer.Complete();
        }
    }

    public void StartConnecting(EndPoint? local) => _ = RunAsync(() => ConnectAsync(local));

    public void StartAccepted(Func<IConnection, IConnectionHandler> accepted) =>
        _ = RunAsync(() =>
        {
            Opened();
            _loop.Post(
                static state =>
                {
                    state.Connection._handler = state.Accepted(state.Connection);
                    state.Connection._handler.OnOpened(state.Connection);
                },
                (Connection: this, Accepted: accepted)
            );
            return Task.CompletedTask;
        });

    private async Task ConnectAsync(EndPoint? local)
    {
        if (local is not null)
        {
            _socket.Bind(local);
        }

        await _socket.ConnectAsync(Remote);
        Opened();
        _loop.Post(static connection => connection._handler!.OnOpened(connection), this);
    }

    private void Opened()
    {
        Local = _socket.LocalEndPoint ?? Remote;
        _stream = new NetworkStream(_socket, ownsSocket: false);
        if (_socket.ProtocolType == ProtocolType.Tcp)
        {
            TcpOptions.ApplyWithUserTimeout(_socket);
        }
    }

    /// <summary>The connection's life: open, then read and write until one of them ends; the loop hears why.</summary>
    private async Task RunAsync(Func<Task> open)
    {
        string reason;
        try
        {
            await open();
            var writing = WriteAsync();
            reason = await await Task.WhenAny(ReadAsync(), writing);
        }
        catch (Exception exception)
        {
            reason = Describe(exception);
        }

        _loop.Post(static state => state.Connection.ReportClosed(state.Reason), (Connection: this, Reason: reason));
    }

    private async Task<string> ReadAsync()
    {
        var reader = PipeReader.Create(_stream, new StreamPipeReaderOptions(bufferSize: ReadBufferBytes, leaveOpen: true));
        try
        {
            while (true)
            {
                var result = await reader.ReadAsync();
                if (!result.Buffer.IsEmpty)
                {
                    var consumed = await DeliverAsync(result.Buffer);
                    reader.AdvanceTo(result.Buffer.GetPosition(consumed), result.Buffer.End);
                    if (_tlsRequest is { } request)
                    {
                        // Plain bytes behind the last plain stanza would be an injection (CVE-2011-0411 and its kin).
                        if (consumed != result.Buffer.Length)
                        {
                            return "bytes before the TLS handshake";
                        }

                        _tlsRequest = null;
                        reader = await SecureAsync(request.Credentials, request.Role);
                    }
                }
                else
                {
                    reader.AdvanceTo(result.Buffer.End);
                }

                if (result.IsCompleted)
                {
                    return "closed by the peer";
                }
            }
        }
        catch (Exception exception)
        {
            return Describe(exception);
        }
    }

    private Task<long> DeliverAsync(ReadOnlySequence<byte> bytes)
    {
        var done = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(static state => state.Connection.Deliver(state.Bytes, state.Done), (Connection: this, Bytes: bytes, Done: done));
        return done.Task;
    }

    private void Deliver(ReadOnlySequence<byte> bytes, TaskCompletionSource<long> done)
    {
        if (_closed)
        {
            done.SetResult(bytes.Length);
            return;
        }

        var consumed = 0;
        _delivering = true;
        try
        {
            if (bytes.IsSingleSegment)
            {
                consumed = _handler!.OnReceived(this, bytes.FirstSpan);
            }
            else
            {
                var length = (int)bytes.Length;
                var whole = ArrayPool<byte>.Shared.Rent(length);
                bytes.CopyTo(whole);
                consumed = _handler!.OnReceived(this, whole.AsSpan(0, length));
                ArrayPool<byte>.Shared.Return(whole);
            }
        }
        finally
        {
            _delivering = false;
            done.SetResult(consumed);
        }
    }

    private async Task<PipeReader> SecureAsync(TlsCredentials credentials, TlsRole role)
    {
        // What was sent before StartTls goes out in the clear; what comes after is held until the stream has changed.
        await _drained!.Task;
        var (stream, peerNames) = await TlsUpgrade.AuthenticateAsync(_stream, credentials, role);
        _stream = stream;
        _loop.Post(static state => state.Connection.Secured(state.Names), (Connection: this, Names: peerNames));
        return PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBufferBytes, leaveOpen: true));
    }

    private void Secured(IReadOnlyList<string> peerNames)
    {
        if (_closed)
        {
            return;
        }

        _securing = false;
        Send(_heldForTls.WrittenSpan);
        _heldForTls.Clear();
        _handler!.OnSecured(this, peerNames);
    }

    private async Task<string> WriteAsync()
    {
        try
        {
            while (true)
            {
                var result = await _output.Reader.ReadAsync();
                foreach (var segment in result.Buffer)
                {
                    await _stream.WriteAsync(segment);
                }

                var written = (int)result.Buffer.Length;
                _output.Reader.AdvanceTo(result.Buffer.End);
                if (written > 0 && Interlocked.Add(ref _pendingBytes, -written) == 0)
                {
                    Volatile.Read(ref _drained)?.TrySetResult();
                    _loop.Post(static connection => connection.Drained(), this);
                }

                if (result.IsCompleted)
                {
                    // Not of both directions: the reader, woken by that, could have the socket closed before the socket knows of its
                    // shutdown, and such a close is a reset, which takes what the far end has not read.
                    _socket.Shutdown(SocketShutdown.Send);
                    return "closed by this side";
                }
            }
        }
        catch (Exception exception)
        {
            return Describe(exception);
        }
    }

    private void Drained()
    {
        if (!_closed && PendingBytes == 0)
        {
            _handler!.OnWritable(this);
        }
    }

    private void ReportClosed(string reason)
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _output.Writer.Complete();
        Dispose();
        _handler?.OnClosed(this, reason);
    }

    /// <summary>Ends the socket under its reader and writer, which find out by its error.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        _socket.Dispose();
    }

    private static string Describe(Exception exception) =>
        exception switch
        {
            SocketException socket => socket.Message,
            IOException { InnerException: SocketException socket } => socket.Message,
            ObjectDisposedException => "closed by this side",
            _ => exception.Message,
        };
}
