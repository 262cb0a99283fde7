using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Packets;

public enum ArpOperation : ushort
{
    Request = 1,
    Reply = 2,
}

/// <summary>
/// An ARP packet for IPv4 over Ethernet (RFC 826).
/// <code>
///  0      2      4  5  6      8          14      18          24      28
/// +------+------+--+--+------+----------+-------+----------+-------+
/// |0x0001|0x0800| 6| 4|  op  |sender MAC| sender|target MAC| target|
/// +------+------+--+--+------+----------+-------+----------+-------+
/// </code>
/// </summary>
public readonly ref struct ArpPacket
{
    public const int Size = 28;

    /// <summary>Hardware type, protocol type and both lengths: Ethernet and IPv4.</summary>
    private const ulong EthernetIpv4 = 0x0001_0800_0604;

    private readonly ReadOnlySpan<byte> packet;

    private ArpPacket(ReadOnlySpan<byte> packet) => this.packet = packet;

    public ArpOperation Operation => (ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);

    public MacAddress SenderMac => MacAddress.Read(packet[8..]);

    public uint SenderAddress => BinaryPrimitives.ReadUInt32BigEndian(packet[14..]);

    public MacAddress TargetMac => MacAddress.Read(packet[18..]);

    public uint TargetAddress => BinaryPrimitives.ReadUInt32BigEndian(packet[24..]);

    /// <summary>A probe asks for an address before its sender takes it (RFC 5227 section 1.1).</summary>
    public bool IsProbe => SenderAddress == 0;

    /// <summary>Reads a packet; bytes behind it are the frame's padding. False when it is short or not for IPv4 over Ethernet.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ArpPacket arp)
    {
        if (bytes.Length < Size || BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 16 != EthernetIpv4)
        {
            arp = default;
            return false;
        }

        arp = new ArpPacket(bytes[..Size]);
        return true;
    }

    public static void Write(
        Span<byte> bytes,
        ArpOperation operation,
        MacAddress senderMac,
        uint senderAddress,
        MacAddress targetMac,
        uint targetAddress
    )
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, EthernetIpv4 << 16 | (ushort)operation);
        senderMac.Write(bytes[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[14..], senderAddress);
        targetMac.Write(bytes[18..]);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[24..], targetAddress);
    }
}
