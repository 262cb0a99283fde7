using System.Buffers.Binary;

namespace Fabric.Bench.Datapath.Testbeds;

/// <summary>Says in words how a frame of the uplink carries a machine's packet.</summary>
internal static class Encapsulation
{
    public const string Plain = "plain";

    private const int EthernetSize = 14;
    private const int UdpSize = 8;
    private const int GreSize = 4;
    private const byte ProtocolUdp = 17;
    private const byte ProtocolGre = 47;
    private const ushort TypeIpv4 = 0x0800;
    private const ushort TypeMpls = 0x8847;

    // RFC 7510 section 6, RFC 7348 section 8.
    private const ushort PortMplsOverUdp = 6635;
    private const ushort PortVxlan = 4789;

    public static string MplsOverGre(uint label) => $"MPLS over GRE, label {label}";

    public static string MplsOverUdp(uint label) => $"MPLS over UDP, label {label}";

    public static string Vxlan(int network) => $"VXLAN {network}";

    /// <summary>Null where it is no IPv4 packet, or a header is cut.</summary>
    public static string? Of(ReadOnlySpan<byte> frame)
    {
        if (
            frame.Length < EthernetSize + 20
            || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != TypeIpv4
            || Payload(frame[EthernetSize..]) is not { Length: >= 8 } payload
        )
        {
            return null;
        }

        var protocol = frame[EthernetSize + 9];
        return protocol switch
        {
            // RFC 4023: no optional fields.
            ProtocolGre when BinaryPrimitives.ReadUInt32BigEndian(payload) == TypeMpls => MplsOverGre(Label(payload[GreSize..])),
            ProtocolUdp => OfUdp(payload),
            _ => Plain,
        };
    }

    private static string? OfUdp(ReadOnlySpan<byte> udp) =>
        BinaryPrimitives.ReadUInt16BigEndian(udp[2..]) switch
        {
            PortMplsOverUdp => udp.Length < UdpSize + 4 ? null : MplsOverUdp(Label(udp[UdpSize..])),
            PortVxlan => udp.Length < UdpSize + 8 ? null : Vxlan((int)(BinaryPrimitives.ReadUInt32BigEndian(udp[(UdpSize + 4)..]) >> 8)),
            _ => Plain,
        };

    private static uint Label(ReadOnlySpan<byte> entry) => BinaryPrimitives.ReadUInt32BigEndian(entry) >> 12;

    private static ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> packet)
    {
        var header = (packet[0] & 0xF) * 4;
        return header <= packet.Length ? packet[header..] : [];
    }
}
