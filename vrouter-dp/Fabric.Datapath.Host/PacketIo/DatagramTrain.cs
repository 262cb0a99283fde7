using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Host.PacketIo;

/// <summary>
/// UDP datagrams between the same two ports as one large datagram: a header, then their payloads end to end, each of one size but the last,
/// which may be shorter. That is how a kernel takes and gives them (UDP_SEGMENT, udp(7); virtio's USO). Cut apart where it lies: the headers
/// of a datagram go over the end of the one before, which must have been dealt with.
/// <code>
///   0      20    28           28 + size
/// +------+-----+------------+------------+-- - --+---------+
/// | IPv4 | UDP | payload 1  | payload 2  |       | the rest|
/// +------+-----+------------+------------+-- - --+---------+
/// </code>
/// </summary>
internal ref struct DatagramTrain
{
    public const int HeaderLength = Ipv4Header.Size + UdpHeader.Size;

    private readonly Span<byte> _storage;
    private readonly int _end;
    private readonly int _segmentSize;
    private readonly Headers _headers;
    private int _payload;

    private DatagramTrain(Span<byte> storage, int start, int end, int segmentSize)
    {
        _storage = storage;
        _end = end;
        _segmentSize = segmentSize;
        _payload = start + HeaderLength;
        storage.Slice(start, HeaderLength).CopyTo(_headers);
    }

    /// <summary>False for a packet that is no such train: no UDP over an IPv4 header without options, or cut elsewhere (inside a tunnel).</summary>
    /// <param name="packet">From the IPv4 header on.</param>
    /// <param name="offload">Its offsets count from the IPv4 header.</param>
    /// <param name="train">The train.</param>
    public static bool TryOpen(in PacketBuffer packet, in PacketOffload offload, out DatagramTrain train)
    {
        var isTrain =
            offload.Flags.HasFlag(OffloadFlags.UdpSegmentation)
            && offload.SegmentSize > 0
            && offload.ChecksumStart == Ipv4Header.Size
            && Ipv4Header.TryRead(packet.Packet, out var ipv4)
            && ipv4.HeaderLength == Ipv4Header.Size
            && ipv4.Protocol == IpProtocol.Udp
            && !ipv4.IsFragment
            && packet.Length > HeaderLength;
        train = isTrain ? new DatagramTrain(packet.Storage, packet.Offset, packet.Offset + packet.Length, offload.SegmentSize) : default;
        return isTrain;
    }

    /// <summary>How many datagrams a train has.</summary>
    public static int Count(int length, int segmentSize) => (length - HeaderLength + segmentSize - 1) / segmentSize;

    /// <summary>Gives the next datagram, without a UDP checksum: where a train was handed over whole, nothing was added up yet.</summary>
    public bool TryNext(out PacketBuffer datagram)
    {
        datagram = default;
        if (_payload >= _end)
        {
            return false;
        }

        var start = _payload - HeaderLength;
        var length = Math.Min(HeaderLength + _segmentSize, _end - start);
        var bytes = _storage.Slice(start, length);
        ((ReadOnlySpan<byte>)_headers).CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)length);
        Ipv4Header.WriteChecksum(bytes[..Ipv4Header.Size]);
        var udp = bytes[Ipv4Header.Size..];
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        BinaryPrimitives.WriteUInt16BigEndian(udp[UdpHeader.ChecksumOffset..], 0);
        datagram = new PacketBuffer(_storage[..(start + length)], start, length);
        _payload += _segmentSize;
        return true;
    }

    [InlineArray(HeaderLength)]
    private struct Headers
    {
        private byte _first;
    }
}
