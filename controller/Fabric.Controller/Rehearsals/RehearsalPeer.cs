using System.Net;
using System.Net.Sockets;
using Fabric.Primitives;
using Fabric.Wire.Bgp;
using AddressFamily = System.Net.Sockets.AddressFamily;
using Family = Fabric.Primitives.AddressFamily;

namespace Fabric.Controller.Rehearsals;

/// <summary>
/// The other end of a session in a rehearsal, on a socket that blocks. It says what the rehearsal gives it, counts routes, and is sure of its peer.
/// </summary>
internal sealed class RehearsalPeer : IDisposable
{
    private const ushort HoldSeconds = 90;
    private const int BufferBytes = 4 * MessageFrame.MaxExtendedBytes;

    // Long enough for a machine that is busy with other starts.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = (int)s_patience.TotalMilliseconds,
        SendTimeout = (int)s_patience.TotalMilliseconds,
    };

    private readonly UpdateDecoder _decoder = new(
        new AttributeInterner(capacity: 1),
        new UpdateContext(FourOctetAs: true, IsInternal: true, [Family.Vpnv4])
    );

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _begin;
    private int _end;

    private RehearsalPeer() { }

    /// <summary>From Connect to Established.</summary>
    /// <exception cref="SocketException">There is no way to the speaker, or it does not answer.</exception>
    /// <exception cref="IOException">It ended the session.</exception>
    public static RehearsalPeer Connect(IPAddress address, EndPoint speaker, AsNumber number)
    {
        var peer = new RehearsalPeer();
        try
        {
            peer._socket.Bind(new IPEndPoint(address, 0));
            peer._socket.Connect(speaker);
            peer.Open(
                OpenMessage.Create(
                    number,
                    HoldSeconds,
                    BgpIdentifier.Parse(address.ToString()),
                    [new MultiprotocolCapability(Family.Vpnv4)]
                )
            );
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    public void Send(ReadOnlySpan<byte> messages)
    {
        while (!messages.IsEmpty)
        {
            messages = messages[_socket.Send(messages)..];
        }
    }

    /// <summary>Reads until so many routes more have come or gone; returns how many did.</summary>
    public int ReceiveRoutes(int atLeast)
    {
        var routes = 0;
        while (routes < atLeast)
        {
            var frame = Receive();
            routes += frame.Type == MessageType.Update ? RoutesOf(frame) : 0;
        }

        return routes;
    }

    public void Dispose() => _socket.Dispose();

    private void Open(OpenMessage open)
    {
        Span<byte> message = stackalloc byte[MessageFrame.MaxBytes];
        Send(message[..open.Encode(message)]);
        while (Receive().Type != MessageType.Open) { }

        Send(KeepaliveMessage.Bytes);
        while (Receive().Type != MessageType.Keepalive) { }
    }

    private int RoutesOf(MessageFrame update)
    {
        var routes = 0;
        foreach (var block in _decoder.Decode(update.Body))
        {
            foreach (var _ in block.VpnRoutes)
            {
                routes++;
            }
        }

        return routes;
    }

    // The next message; it stands in the buffer until the one behind it is asked for.
    private MessageFrame Receive()
    {
        while (true)
        {
            var frame = MessageFrame.Read(_buffer.AsSpan(_begin, _end - _begin), extendedMessages: true);
            switch (frame.Status)
            {
                case FrameStatus.Complete when frame.Type != MessageType.Notification:
                    _begin += frame.TotalBytes;
                    return frame;
                case FrameStatus.NeedMore:
                    ReceiveMore();
                    break;
                default:
                    throw new IOException("the speaker ended the rehearsal's session");
            }
        }
    }

    private void ReceiveMore()
    {
        _buffer.AsSpan(_begin, _end - _begin).CopyTo(_buffer);
        (_begin, _end) = (0, _end - _begin);
        var count = _socket.Receive(_buffer.AsSpan(_end));
        _end += count > 0 ? count : throw new IOException("the speaker closed the rehearsal's session");
    }
}
