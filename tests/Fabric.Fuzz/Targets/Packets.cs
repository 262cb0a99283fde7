using System.Buffers.Binary;

namespace Fabric.Fuzz.Targets;

/// <summary>
/// What a packet must look like, read from the RFCs and not with the readers under test.
/// <code>
/// | outer IPv4 (20) | GRE 0x8847 (4) | MPLS, bottom of stack (4) | inner IPv4 |
/// </code>
/// </summary>
internal static class Packets
{
    private const int EthernetOctets = 14;
    private const int TunnelOctets = 28;

    /// <summary>Null for a whole IPv4 packet with a right header, else what is wrong with it (RFC 791 section 3.1).</summary>
    public static string? FaultOfIpv4(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < 20 || packet[0] >> 4 != 4)
        {
            return "no IPv4 header";
        }

        var header = (packet[0] & 15) * 4;
        var total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        return header < 20 || header > total ? $"header of {header} octets"
            : total != packet.Length ? $"total length {total} of {packet.Length} octets"
            : Sum(packet[..header]) != 0xFFFF ? "header checksum"
            : null;
    }

    /// <summary>The same for a packet in a tunnel (RFC 4023 section 3).</summary>
    public static string? FaultOfTunnelled(ReadOnlySpan<byte> packet) =>
        FaultOfIpv4(packet) is { } fault ? $"outer: {fault}"
        : packet[0] != 0x45 || packet[9] != 47 ? "not GRE"
        : packet.Length < TunnelOctets + 20 ? "too short for a tunnelled packet"
        : BinaryPrimitives.ReadUInt32BigEndian(packet[20..]) != 0x8847 ? "GRE that is not MPLS alone"
        : (packet[26] & 1) == 0 ? "not the bottom of the stack"
        : FaultOfIpv4(packet[TunnelOctets..]) is { } inner ? $"inner: {inner}"
        : null;

    public static uint Label(ReadOnlySpan<byte> tunnelled) => BinaryPrimitives.ReadUInt32BigEndian(tunnelled[24..]) >> 12;

    public static uint Source(ReadOnlySpan<byte> ipv4) => BinaryPrimitives.ReadUInt32BigEndian(ipv4[12..]);

    public static uint Destination(ReadOnlySpan<byte> ipv4) => BinaryPrimitives.ReadUInt32BigEndian(ipv4[16..]);

    /// <summary>Mostly makes lengths and checksums good again in a frame, so that it gets further than those.</summary>
    public static byte[] MendFrame(byte[] frame, Random random) => Mend(frame, EthernetOctets, random);

    /// <summary>The same for the outer and the inner header of a tunnelled packet.</summary>
    public static byte[] MendTunnelled(byte[] packet, Random random) => Mend(Mend(packet, TunnelOctets, random), 0, random);

    private static byte[] Mend(byte[] bytes, int at, Random random)
    {
        if (random.Next(4) > 0 && bytes.Length >= at + 20 && bytes[at] >> 4 == 4)
        {
            var packet = bytes.AsSpan(at);
            var header = (packet[0] & 15) * 4;
            if (random.Next(2) == 0)
            {
                BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
            }

            if (header >= 20 && header <= packet.Length)
            {
                packet[10] = packet[11] = 0;
                BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~Sum(packet[..header]));
            }
        }

        return bytes;
    }

    /// <summary>RFC 1071.</summary>
    private static uint Sum(ReadOnlySpan<byte> octets)
    {
        uint sum = 0;
        for (var i = 0; i + 1 < octets.Length; i += 2)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(octets[i..]);
        }

        while (sum >> 16 != 0)
        {
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }
}
