namespace Fabric.Datapath;

/// <summary>What a sender left for the receiver of a frame to do.</summary>
[Flags]
public enum OffloadFlags : byte
{
    None = 0,

    /// <summary>The checksum field holds the sum of the pseudo-header only; the rest of the sum is still to be added.</summary>
    NeedsChecksum = 1,

    /// <summary>A large TCP segment over IPv4, to be cut into segments.</summary>
    TcpSegmentation = 2,

    /// <summary>A large UDP datagram over IPv4, to be cut into datagrams of their own.</summary>
    UdpSegmentation = 4,
}

/// <summary>The facts of a virtio_net_hdr (virtio 1.2 section 5.1.6) that travel with a frame. Offsets count from its first byte, the Ethernet header.</summary>
/// <param name="Flags">What is left to do.</param>
/// <param name="ChecksumStart">Where the checksummed bytes begin: the transport header.</param>
/// <param name="ChecksumOffset">Where the checksum lies, from <paramref name="ChecksumStart"/>.</param>
/// <param name="SegmentSize">Payload bytes of each segment.</param>
/// <param name="HeaderLength">Bytes of all headers, as a hint; the pipeline reads the headers themselves.</param>
public readonly record struct PacketOffload(
    OffloadFlags Flags,
    ushort ChecksumStart,
    ushort ChecksumOffset,
    ushort SegmentSize,
    ushort HeaderLength
)
{
    /// <summary>Nothing left to do.</summary>
    public static PacketOffload None => default;

    /// <summary>The same for the frame without so many bytes of its beginning.</summary>
    public PacketOffload Behind(int bytes) =>
        this with
        {
            ChecksumStart = (ushort)Math.Max(0, ChecksumStart - bytes),
            HeaderLength = (ushort)Math.Max(0, HeaderLength - bytes),
        };

    public bool NeedsChecksum => (Flags & OffloadFlags.NeedsChecksum) != OffloadFlags.None;

    public bool NeedsSegmentation => (Flags & (OffloadFlags.TcpSegmentation | OffloadFlags.UdpSegmentation)) != OffloadFlags.None;
}
