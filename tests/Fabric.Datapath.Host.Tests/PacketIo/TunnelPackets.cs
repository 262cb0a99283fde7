namespace Fabric.Datapath.Host.Tests.PacketIo;

/// <summary>Packets made by scapy 2.5.0: U(x) = IP(src="192.0.2.1",dst="192.0.2.2",ttl=64,flags="DF",id=0)/UDP(sport=0xC123,dport=6635,chksum=0)/x.</summary>
internal static class TunnelPackets
{
    public const int SegmentSize = 4;

    // U(bytes([1,2,3,4]))
    public static byte[] First => Convert.FromHexString("45000020000040004011b6c9c0000201c0000202c12319eb000c000001020304");

    // U(bytes([5,6,7,8]))
    public static byte[] Second => Convert.FromHexString("45000020000040004011b6c9c0000201c0000202c12319eb000c000005060708");

    // U(bytes([9,10]))
    public static byte[] Rest => Convert.FromHexString("4500001e000040004011b6cbc0000201c0000202c12319eb000a0000090a");

    // U(bytes(range(1,11)))
    public static byte[] Whole => Convert.FromHexString("45000026000040004011b6c3c0000201c0000202c12319eb001200000102030405060708090a");

    // The first with the checksum that UDP has without chksum=0.
    public static byte[] FirstWithChecksum => Convert.FromHexString("45000020000040004011b6c9c0000201c0000202c12319eb000c9cbd01020304");

    // The folded sum of 192.0.2.1, 192.0.2.2, protocol 17 and length 12 in its checksum field.
    public static byte[] FirstWithPartialChecksum =>
        Convert.FromHexString("45000020000040004011b6c9c0000201c0000202c12319eb000c842101020304");

    /// <summary>What the kernel says of <see cref="Whole"/>; offsets from the IPv4 header.</summary>
    public static PacketOffload Offload { get; } =
        new(OffloadFlags.UdpSegmentation | OffloadFlags.NeedsChecksum, ChecksumStart: 20, ChecksumOffset: 6, SegmentSize, HeaderLength: 28);

    /// <summary>A packet in a buffer with headroom, and a guard behind it.</summary>
    public static PacketBuffer InBuffer(byte[] packet)
    {
        var storage = new byte[PacketBuffer.MinimumHeadroom + packet.Length + 8];
        packet.CopyTo(storage, PacketBuffer.MinimumHeadroom);
        return new PacketBuffer(storage, PacketBuffer.MinimumHeadroom, packet.Length);
    }
}
