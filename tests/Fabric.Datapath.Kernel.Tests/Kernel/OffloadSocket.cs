using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Fabric.Datapath.Kernel.Tests.Kernel;

/// <summary>
/// Sends and receives frames at a device, with what is left to do before each: a struct virtio_net_hdr of 10 bytes, in the processor's byte order, of
/// which 0 has the flags, 1 the kind of segments, 2 the length of the headers, 4 the size of segments, 6 where the checksum begins and 8 where it goes
/// from there.
/// </summary>
internal sealed class OffloadSocket : IDisposable
{
    private const int HeaderSize = 10;
    private const byte NeedsChecksum = 1;
    private const byte TcpSegments = 1;
    private const byte UdpSegments = 5;
    private const int LevelPacket = 263;
    private const int OptionHeader = 15;
    private const ushort Ipv4Frames = 0x0800;

    private readonly Socket socket = new(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);

    public OffloadSocket(string device)
    {
        Span<byte> on = [1, 0, 0, 0];
        socket.SetRawSocketOption(LevelPacket, OptionHeader, on);
        socket.ReceiveTimeout = 10_000;
        socket.Bind(new DeviceEndPoint(TestNetwork.IndexOf(device)));
    }

    /// <summary>Leaves a checksum to the device.</summary>
    public void Send(ReadOnlySpan<byte> frame, int checksumStart, int checksumOffset)
    {
        byte[] message = [.. new byte[HeaderSize], .. frame];
        message[0] = NeedsChecksum;
        BitConverter.TryWriteBytes(message.AsSpan(6), (ushort)checksumStart);
        BitConverter.TryWriteBytes(message.AsSpan(8), (ushort)checksumOffset);
        socket.Send(message);
    }

    /// <summary>Leaves it to the device to cut a frame of TCP or UDP over IPv4.</summary>
    public void SendLarge(ReadOnlySpan<byte> frame, bool isUdp, int headers, int checksumOffset, int segmentSize, int checksumStart = 34)
    {
        byte[] message = [.. new byte[HeaderSize], .. frame];
        (message[0], message[1]) = (NeedsChecksum, isUdp ? UdpSegments : TcpSegments);
        BitConverter.TryWriteBytes(message.AsSpan(2), (ushort)headers);
        BitConverter.TryWriteBytes(message.AsSpan(4), (ushort)segmentSize);
        BitConverter.TryWriteBytes(message.AsSpan(6), (ushort)checksumStart);
        BitConverter.TryWriteBytes(message.AsSpan(8), (ushort)checksumOffset);
        socket.Send(message);
    }

    public void Send(ReadOnlySpan<byte> frame) => socket.Send([.. new byte[HeaderSize], .. frame]);

    /// <summary>The next frame that came to the device.</summary>
    public byte[] Receive()
    {
        var message = new byte[2048];
        return message[HeaderSize..socket.Receive(message)];
    }

    public void Dispose() => socket.Dispose();

    /// <summary>struct sockaddr_ll.</summary>
    private sealed class DeviceEndPoint(uint index) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            BinaryPrimitives.WriteUInt16BigEndian(address.Buffer.Span[2..], Ipv4Frames);
            BitConverter.TryWriteBytes(address.Buffer.Span[4..], index);
            return address;
        }
    }
}
