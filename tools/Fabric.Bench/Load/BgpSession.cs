using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fabric.Bench.Load;

/// <summary>
/// One BGP session of the load tool: it connects, says OPEN and KEEPALIVE, queues what it is given, and hands each UPDATE to its table.
/// Nothing blocks once it is connected.
/// </summary>
internal sealed class BgpSession : IDisposable
{
    private const int ReadBuffer = 1 << 19;
    private const int WriteChunk = 1 << 18;

    private readonly Queue<ReadOnlyMemory<byte>> _outgoing = new();
    private readonly byte[] _incoming = new byte[ReadBuffer];
    private readonly Socket _socket;
    private ReadOnlyMemory<byte> _sending;
    private int _filled;
    private bool _peerHasOpened;

    private BgpSession(Socket socket, int number, ReceivedTable received)
    {
        _socket = socket;
        Number = number;
        Received = received;
    }

    public int Number { get; }

    public ReceivedTable Received { get; }

    public bool IsEstablished { get; private set; }

    public bool HasMoreToSend => _sending.Length > 0 || _outgoing.Count > 0;

    /// <summary>Why the session is of no more use; null while it is.</summary>
    public string? Fault { get; private set; }

    public int Descriptor => (int)_socket.Handle;

    /// <summary>Connects from the session's own address and says OPEN; null where nobody listens.</summary>
    public static BgpSession? TryConnect(int number, IPEndPoint daemon, ReceivedTable received)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(AddressOf(RouteTable.SourceOf(number)), 0));
            socket.Connect(daemon);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }

        socket.Blocking = false;
        var session = new BgpSession(socket, number, received);
        session.Send(UpdateEncoder.Open(RouteTable.IdentifierOf(number)));
        return session;
    }

    public static IPAddress AddressOf(uint address)
    {
        Span<byte> octets = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(octets, address);
        return new IPAddress(octets);
    }

    /// <summary>Queues whole messages and sends what the socket takes; the caller leaves the bytes alone until they are gone.</summary>
    public void Send(ReadOnlyMemory<byte> messages)
    {
        _outgoing.Enqueue(messages);
        Flush();
    }

    /// <summary>Sends at most a chunk, so that receivers get their turn.</summary>
    public void Flush()
    {
        var left = WriteChunk;
        while (left > 0 && Fault is null && (_sending.Length > 0 || _outgoing.TryDequeue(out _sending)))
        {
            var sent = _socket.Send(_sending.Span[..Math.Min(left, _sending.Length)], SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                return;
            }

            if (error != SocketError.Success)
            {
                Fault ??= $"session {Number}: {error} while sending";
                return;
            }

            _sending = _sending[sent..];
            left -= sent;
        }
    }

    /// <summary>Reads once, and works off every message that is whole.</summary>
    /// <returns>Octets read.</returns>
    public int Receive()
    {
        var count = _socket.Receive(_incoming.AsSpan(_filled), SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return 0;
        }

        if (error != SocketError.Success || count == 0)
        {
            Fault ??= $"session {Number}: {(error == SocketError.Success ? "closed by the daemon" : error)}";
            return 0;
        }

        _filled += count;
        var used = 0;
        while (_filled - used >= UpdateEncoder.HeaderLength && Fault is null)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(_incoming.AsSpan(used + 16));
            if (length < UpdateEncoder.HeaderLength)
            {
                Fault = $"session {Number}: a message of {length} octets";
            }
            else if (_filled - used < length)
            {
                break;
            }
            else
            {
                Handle(_incoming.AsSpan(used, length));
                used += length;
            }
        }

        _incoming.AsSpan(used, _filled - used).CopyTo(_incoming);
        _filled -= used;
        return count;
    }

    public void Dispose() => _socket.Dispose();

    private void Handle(ReadOnlySpan<byte> message)
    {
        var body = message[UpdateEncoder.HeaderLength..];
        switch ((MessageType)message[18])
        {
            case MessageType.Update:
                Received.Read(body);
                break;
            case MessageType.Open:
                _peerHasOpened = true;
                Send(UpdateEncoder.KeepAlive());
                break;
            case MessageType.KeepAlive:
                IsEstablished |= _peerHasOpened;
                break;
            case MessageType.Notification:
                Fault = $"session {Number}: NOTIFICATION {(body.Length >= 2 ? $"{body[0]}/{body[1]}" : "without a code")}";
                break;
            default:
                break;
        }
    }
}
