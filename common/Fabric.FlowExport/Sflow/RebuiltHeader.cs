using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.FlowExport.Sflow;

/// <summary>
/// The header that a flow's packets have, as far as the flow tells: addresses, protocol, length, and ports, or the ICMP type with its identifier. What it does not tell is zero: TOS,
/// identification, sequence numbers, flags. A time to live of 0 shows that no packet was seen.
/// </summary>
internal static class RebuiltHeader
{
    public const int MaxLength = Ipv6HeaderLength + TcpHeader.Size;

    private const int Ipv6HeaderLength = 40;

    // UDP's, ICMP's, and what is cut of an SCTP packet.
    private const int ShortHeaderLength = 8;

    /// <returns>Octets written, a multiple of 4.</returns>
    public static int Write(Span<byte> octets, in Uniflow flow, uint packetLength)
    {
        octets.Clear();
        var network = flow.IsIpv6 ? Ipv6HeaderLength : Ipv4Header.Size;
        if (flow.IsIpv6)
        {
            WriteIpv6(octets, flow, packetLength);
        }
        else
        {
            Ipv4Header.Write(
                octets,
                (int)Math.Min(packetLength, ushort.MaxValue),
                identification: 0,
                flagsAndOffset: 0,
                timeToLive: 0,
                flow.Row.Protocol,
                flow.Source.Address.IsIpv4 ? flow.Source.Address.Ipv4 : 0,
                flow.Destination.Address.IsIpv4 ? flow.Destination.Address.Ipv4 : 0
            );
        }

        return network + WriteTransport(octets[network..], flow, packetLength - Math.Min(packetLength, (uint)network));
    }

    // RFC 8200 section 3.
    private static void WriteIpv6(Span<byte> octets, in Uniflow flow, uint packetLength)
    {
        var writer = new OctetWriter(octets);
        writer.UInt32(6u << 28);
        writer.UInt16((ushort)Math.Clamp((long)packetLength - Ipv6HeaderLength, 0, ushort.MaxValue));
        writer.Octet(flow.Row.Protocol);
        writer.Octet(0);
        writer.Address(flow.Source.Address, 16);
        writer.Address(flow.Destination.Address, 16);
    }

    private static int WriteTransport(Span<byte> octets, in Uniflow flow, uint length)
    {
        if (flow.IsIcmp)
        {
            octets[0] = flow.IcmpType;
            BinaryPrimitives.WriteUInt16BigEndian(octets[4..], flow.Row.Initiator.Port);
            return ShortHeaderLength;
        }

        if (flow.Row.Protocol is not (IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp))
        {
            return 0;
        }

        BinaryPrimitives.WriteUInt16BigEndian(octets, flow.Source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(octets[2..], flow.Destination.Port);
        switch (flow.Row.Protocol)
        {
            case IpProtocol.Tcp:
                octets[12] = TcpHeader.Size / 4 << 4;
                return TcpHeader.Size;
            case IpProtocol.Udp:
                BinaryPrimitives.WriteUInt16BigEndian(octets[4..], (ushort)Math.Min(length, ushort.MaxValue));
                return ShortHeaderLength;
            default:
                return ShortHeaderLength;
        }
    }
}
