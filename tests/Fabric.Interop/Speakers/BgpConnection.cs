using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Fabric.Interop.Machine;

namespace Fabric.Interop.Speakers;

/// <summary>
/// A TCP connection of the test itself with a speaker: it sends the bytes that it is given, right or wrong, as hexadecimal digits, and reads message
/// by message.
/// </summary>
internal sealed class BgpConnection(Socket socket) : IDisposable
{
    private const int Port = 179;
    private const int MarkerBytes = 16;
    private const int HeaderBytes = 19;

    private readonly NetworkStream _stream = new(socket, ownsSocket: true);

    /// <summary>Types of messages (RFC 4271 section 4.1, RFC 2918).</summary>
    public static class Types
    {
        public const byte Open = 1;
        public const byte Update = 2;
        public const byte Notification = 3;
        public const byte Keepalive = 4;
        public const byte RouteRefresh = 5;
    }

    /// <param name="from">An address of the machine; null: its own.</param>
    /// <param name="receiveBuffer">Bytes that the kernel takes while nothing is read; null: as many as it likes.</param>
    public static async Task<BgpConnection> OpenAsync(LanNode node, string neighbor, string? from = null, int? receiveBuffer = null)
    {
        var socket = NamespaceSocket.Create(node);
        socket.ReceiveBufferSize = receiveBuffer ?? socket.ReceiveBufferSize;
        socket.Bind(new IPEndPoint(IPAddress.Parse(from ?? node.Address), 0));
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(neighbor), Port));
        return new BgpConnection(socket);
    }

    /// <summary>Waits at the port of BGP for the connections of a speaker that is not passive.</summary>
    public static Socket Listen(LanNode node, string address)
    {
        var listener = NamespaceSocket.Create(node);
        listener.Bind(new IPEndPoint(IPAddress.Parse(address), Port));
        listener.Listen();
        return listener;
    }

    /// <summary>A message with its header (RFC 4271 section 4.1).</summary>
    public static string Message(byte type, string body) =>
        new string('f', 2 * MarkerBytes) + $"{HeaderBytes + body.Length / 2:x4}{type:x2}{body}";

    public Task SendAsync(byte type, string body) => SendAsync(Message(type, body));

    public async Task SendAsync(string bytes) => await _stream.WriteAsync(Convert.FromHexString(bytes));

    /// <summary>The next message; null: the far end has closed, or reset, the connection.</summary>
    public async Task<(byte Type, byte[] Body)?> ReadAsync()
    {
        try
        {
            var header = new byte[HeaderBytes];
            await _stream.ReadExactlyAsync(header);
            var body = new byte[BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(MarkerBytes)) - HeaderBytes];
            await _stream.ReadExactlyAsync(body);
            return (header[^1], body);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return null;
        }
    }

    public void Dispose() => _stream.Dispose();
}
