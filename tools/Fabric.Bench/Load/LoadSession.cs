using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fabric.Bench.Load;

/// <summary>
/// One connection of the load tool: it queues what it is given, and hands what comes to its protocol. Nothing blocks once it is connected.
/// </summary>
internal abstract class LoadSession(Socket socket, int number, int readBuffer) : IDisposable
{
    private const int WriteChunk = 1 << 18;

    private readonly Queue<ReadOnlyMemory<byte>> _outgoing = new();
    private readonly byte[] _incoming = new byte[readBuffer];
    private ReadOnlyMemory<byte> _sending;
    private int _filled;

    public int Number { get; } = number;

    public bool HasMoreToSend => _sending.Length > 0 || _outgoing.Count > 0;

    /// <summary>Why the session is of no more use; null while it is.</summary>
    public string? Fault { get; protected set; }

    /// <summary>The first wrong content in words.</summary>
    public abstract string? FirstWrong { get; }

    public int Descriptor => (int)socket.Handle;

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
            var sent = socket.Send(_sending.Span[..Math.Min(left, _sending.Length)], SocketFlags.None, out var error);
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

    /// <summary>Reads once, and works off all that is whole.</summary>
    /// <returns>Octets read.</returns>
    public int Receive()
    {
        var count = socket.Receive(_incoming.AsSpan(_filled), SocketFlags.None, out var error);
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
        var used = Take(_incoming.AsSpan(0, _filled));
        if (used == 0 && _filled == _incoming.Length)
        {
            Fault ??= $"session {Number}: more than {_filled} octets in one piece";
        }

        _incoming.AsSpan(used, _filled - used).CopyTo(_incoming);
        _filled -= used;
        return count;
    }

    public void Dispose() => socket.Dispose();

    /// <summary>A socket that is bound and connected; null where nobody listens.</summary>
    protected static Socket? Connect(uint source, IPEndPoint daemon)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(AddressOf(source), 0));
            socket.Connect(daemon);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }

        socket.Blocking = false;
        return socket;
    }

    /// <summary>Takes what is whole of all that is not yet taken.</summary>
    /// <returns>Octets taken.</returns>
    protected abstract int Take(ReadOnlySpan<byte> bytes);
}
