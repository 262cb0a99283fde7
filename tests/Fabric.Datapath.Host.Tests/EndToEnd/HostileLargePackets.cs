using System.Buffers.Binary;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.Tests.EndToEnd;

/// <summary>
/// What VM a sends to VM c through a packet socket with PACKET_VNET_HDR: each message is a struct virtio_net_hdr and a frame. Large packets whose checksum goes
/// where it does not belong, each with a small one behind it that shows by its port that nothing came before.
/// </summary>
internal static class HostileLargePackets
{
    /// <summary>Port of the first small datagram; each has the next one.</summary>
    public const ushort FirstMark = 40_000;

    /// <summary>Destination port of the large one whose checksum goes where it belongs.</summary>
    public const ushort HonestPort = 22;

    private const ushort HostilePort = 23;
    private const uint A = 0x0A01_0003;
    private const uint C = 0x0A01_0004;
    private const int HeaderSize = 10;
    private const byte NeedsChecksum = 1;
    private const byte TcpSegments = 1;
    private const byte UdpSegments = 5;
    private const ushort SegmentSize = 256;
    private const int Transport = EthernetHeader.Size + Ipv4Header.Size;
    private const int Data = 1_024;

    // Where the checksum begins, and where it goes from there: over ports, flags, addresses and data; some from another start.
    private static readonly (byte Kind, ushort Start, ushort Offset)[] _hostile =
    [
        (TcpSegments, 34, 0),
        (TcpSegments, 34, 2),
        (TcpSegments, 34, 12),
        (TcpSegments, 26, 0),
        (TcpSegments, 20, 16),
        (TcpSegments, 54, 16),
        (UdpSegments, 34, 2),
        (UdpSegments, 42, 6),
    ];

    public static int Count => _hostile.Length;

    /// <summary>Small ones, by which the flows are known.</summary>
    public static IEnumerable<byte[]> First =>
        [
            Message(0, Frame(IpProtocol.Tcp, HonestPort, 0)),
            Message(0, Frame(IpProtocol.Tcp, HostilePort, 0)),
            Message(0, Frame(IpProtocol.Udp, HostilePort, 0)),
            .. Marks(),
        ];

    /// <summary>The honest one, then those that are not.</summary>
    public static IEnumerable<byte[]> Large =>
        [LargeOf(HonestPort, TcpSegments, Transport, TcpHeader.ChecksumOffset), .. _hostile.Zip(Marks()).SelectMany(HostileAndMark)];

    private static byte[][] HostileAndMark(((byte Kind, ushort Start, ushort Offset) Hostile, byte[] Mark) two) =>
        [LargeOf(HostilePort, two.Hostile.Kind, two.Hostile.Start, two.Hostile.Offset), two.Mark];

    private static IEnumerable<byte[]> Marks() =>
        Enumerable.Range(0, Count).Select(static number => Message(0, Frame(IpProtocol.Udp, (ushort)(FirstMark + number), 0)));

    private static byte[] LargeOf(ushort port, byte kind, ushort start, ushort offset)
    {
        var isTcp = kind == TcpSegments;
        var message = Message(kind, Frame(isTcp ? IpProtocol.Tcp : IpProtocol.Udp, port, Data));
        message[0] = NeedsChecksum;
        BitConverter.TryWriteBytes(message.AsSpan(2), (ushort)(Transport + (isTcp ? TcpHeader.Size : UdpHeader.Size)));
        BitConverter.TryWriteBytes(message.AsSpan(4), SegmentSize);
        BitConverter.TryWriteBytes(message.AsSpan(6), start);
        BitConverter.TryWriteBytes(message.AsSpan(8), offset);
        return message;
    }

    private static byte[] Message(byte kind, byte[] frame)
    {
        byte[] message = [.. new byte[HeaderSize], .. frame];
        message[1] = kind;
        return message;
    }

    private static byte[] Frame(byte protocol, ushort port, int data)
    {
        var header = protocol == IpProtocol.Tcp ? TcpHeader.Size : UdpHeader.Size;
        var frame = new byte[Transport + header + data];
        EthernetHeader.Write(frame, MacAddress.VirtualRouter, new MacAddress(0x0200_0000_000A), EtherType.Ipv4);
        var packet = frame.AsSpan(EthernetHeader.Size);
        var segment = packet[Ipv4Header.Size..];
        BinaryPrimitives.WriteUInt16BigEndian(segment, 80);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], port);
        if (protocol == IpProtocol.Tcp)
        {
            segment[12] = TcpHeader.Size / 4 << 4;
            segment[TcpHeader.FlagsOffset] = (byte)TcpFlags.Acknowledgment;
            TcpHeader.WriteChecksum(segment, A, C);
        }
        else
        {
            UdpHeader.Write(segment, 80, port, A, C);
        }

        Ipv4Header.Write(packet, packet.Length, 7, Ipv4Header.DontFragment, 64, protocol, A, C);
        return frame;
    }
}
