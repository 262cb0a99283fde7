using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fabric.Bench.Load;

/// <summary>One BGP session of the load tool: it says OPEN and KEEPALIVE, and hands each UPDATE to its table.</summary>
internal sealed class BgpSession : LoadSession
{
    private const int ReadBuffer = 1 << 19;

    private bool _peerHasOpened;

    private BgpSession(Socket socket, int number, ReceivedTable received)
        : base(socket, number, ReadBuffer) => Received = received;

    public ReceivedTable Received { get; }

    public bool IsEstablished { get; private set; }

    public override string? FirstWrong => Received.FirstFault;

    /// <summary>Connects from the session's own address and says OPEN; null where nobody listens.</summary>
    public static BgpSession? TryConnect(int number, IPEndPoint daemon, ReceivedTable received)
    {
        if (Connect(RouteTable.SourceOf(number), daemon) is not { } socket)
        {
            return null;
        }

        var session = new BgpSession(socket, number, received);
        session.Send(UpdateEncoder.Open(RouteTable.IdentifierOf(number)));
        return session;
    }

    protected override int Take(ReadOnlySpan<byte> bytes)
    {
        var used = 0;
        while (bytes.Length - used >= UpdateEncoder.HeaderLength && Fault is null)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[(used + 16)..]);
            if (length < UpdateEncoder.HeaderLength)
            {
                Fault = $"session {Number}: a message of {length} octets";
            }
            else if (bytes.Length - used < length)
            {
                break;
            }
            else
            {
                Handle(bytes.Slice(used, length));
                used += length;
            }
        }

        return used;
    }

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
