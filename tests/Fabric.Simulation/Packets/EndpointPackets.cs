using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Simulation.Packets;

/// <summary>The IPv4 packets that endpoints send: echoes, SYNs, and the answers to both.</summary>
internal static class EndpointPackets
{
    private const int PayloadBytes = 56;
    private const byte TimeToLive = 64;
    private const ushort Window = 65_535;

    public static byte[] Request(Probe probe, uint source) =>
        probe.Kind == ProbeKind.Ping
            ? Echo(source, probe.Destination, Icmpv4Type.Echo, (uint)probe.Identifier << 16 | 1)
            : Segment(source, probe.Destination, probe.Identifier, probe.Port, TcpFlags.Syn);

    /// <summary>The answer to a packet, when it asks for one; null for any other.</summary>
    public static byte[]? Answer(ReadOnlySpan<byte> packet)
    {
        if (!Ipv4Header.TryRead(packet, out var ipv4) || !ipv4.HasValidChecksum)
        {
            return null;
        }

        var payload = packet[ipv4.HeaderLength..ipv4.TotalLength];
        if (ipv4.Protocol == IpProtocol.Icmp && Icmpv4Header.TryRead(payload, out var icmp) && icmp.Type == Icmpv4Type.Echo)
        {
            var rest = BinaryPrimitives.ReadUInt32BigEndian(payload[4..]);
            return InternetChecksum.IsValid(payload) ? Echo(ipv4.Destination, ipv4.Source, Icmpv4Type.EchoReply, rest) : null;
        }

        return ipv4.Protocol == IpProtocol.Tcp && TcpHeader.TryRead(payload, out var tcp) && tcp.Flags == TcpFlags.Syn
            ? Segment(ipv4.Destination, ipv4.Source, tcp.DestinationPort, tcp.SourcePort, TcpFlags.Syn | TcpFlags.Acknowledgment)
            : null;
    }

    /// <summary>Whether a packet is what the probe waits for.</summary>
    public static bool Answers(ReadOnlySpan<byte> packet, Probe probe)
    {
        if (!Ipv4Header.TryRead(packet, out var ipv4) || ipv4.Source != probe.Destination)
        {
            return false;
        }

        var payload = packet[ipv4.HeaderLength..ipv4.TotalLength];
        return probe.Kind == ProbeKind.Ping
            ? ipv4.Protocol == IpProtocol.Icmp
                && Icmpv4Header.TryRead(payload, out var icmp)
                && icmp.Type == Icmpv4Type.EchoReply
                && icmp.Identifier == probe.Identifier
            : ipv4.Protocol == IpProtocol.Tcp
                && TcpHeader.TryRead(payload, out var tcp)
                && tcp.Flags == (TcpFlags.Syn | TcpFlags.Acknowledgment)
                && tcp.DestinationPort == probe.Identifier;
    }

    private static byte[] Echo(uint source, uint destination, Icmpv4Type type, uint rest)
    {
        var packet = new byte[Ipv4Header.Size + Icmpv4Header.Size + PayloadBytes];
        Icmpv4Header.Write(packet.AsSpan(Ipv4Header.Size), type, code: 0, rest);
        Ipv4Header.Write(packet, packet.Length, 0, Ipv4Header.DontFragment, TimeToLive, IpProtocol.Icmp, source, destination);
        return packet;
    }

    private static byte[] Segment(uint source, uint destination, ushort sourcePort, ushort destinationPort, TcpFlags flags)
    {
        var packet = new byte[Ipv4Header.Size + TcpHeader.Size];
        var segment = packet.AsSpan(Ipv4Header.Size);
        BinaryPrimitives.WriteUInt16BigEndian(segment, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(segment[2..], destinationPort);
        segment[12] = TcpHeader.Size / 4 << 4;
        segment[TcpHeader.FlagsOffset] = (byte)flags;
        BinaryPrimitives.WriteUInt16BigEndian(segment[14..], Window);
        TcpHeader.WriteChecksum(segment, source, destination);
        Ipv4Header.Write(packet, packet.Length, 0, Ipv4Header.DontFragment, TimeToLive, IpProtocol.Tcp, source, destination);
        return packet;
    }
}
