using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>Reads a tenant's IPv4 packet up to its ports.</summary>
internal static class PacketParser
{
    /// <summary>Why the packet can't be forwarded, or <see cref="DropReason.None"/>.</summary>
    public static DropReason Parse(ReadOnlySpan<byte> packet, out PacketFacts facts)
    {
        facts = default;
        if (!Ipv4Header.TryRead(packet, out var ipv4))
        {
            return DropReason.InvalidIpv4Header;
        }

        facts.Source = ipv4.Source;
        facts.Destination = ipv4.Destination;
        facts.HeaderLength = ipv4.HeaderLength;
        facts.TotalLength = ipv4.TotalLength;
        facts.Protocol = ipv4.Protocol;
        facts.TimeToLive = ipv4.TimeToLive;
        facts.DontFragment = ipv4.HasDontFragment;
        facts.IsFragment = ipv4.IsFragment;
        facts.IsLaterFragment = ipv4.FragmentOffset > 0;
        facts.Identification = ipv4.Identification;
        if (!ipv4.HasValidChecksum)
        {
            return DropReason.InvalidIpv4Checksum;
        }

        // RFC 791 section 3.1: what a fragment is of has at most 65,535 bytes. Offsets behind that begin at 0 again where it is cut once more.
        if (ipv4.FragmentOffset + ipv4.TotalLength > ushort.MaxValue)
        {
            return DropReason.InvalidIpv4Header;
        }

        if (!facts.IsLaterFragment)
        {
            return ParseTransport(packet[facts.HeaderLength..facts.TotalLength], ref facts);
        }

        // A fragment at offset 8 could overwrite the flags of a TCP header that was looked at (RFC 1858 section 3.2).
        return ipv4.Protocol == IpProtocol.Tcp && ipv4.FragmentOffset < TcpHeader.Size ? DropReason.OverlappingFragment : DropReason.None;
    }

    private static DropReason ParseTransport(ReadOnlySpan<byte> payload, ref PacketFacts facts)
    {
        switch (facts.Protocol)
        {
            case IpProtocol.Tcp when TcpHeader.TryRead(payload, out var tcp):
                facts.SourcePort = tcp.SourcePort;
                facts.DestinationPort = tcp.DestinationPort;
                facts.Tcp = tcp.Flags;
                facts.Segment = facts.IsFragment ? default : SegmentOf(tcp, payload);
                return DropReason.None;
            case IpProtocol.Udp when UdpHeader.TryRead(payload, out var udp) && (facts.IsFragment || udp.Length <= payload.Length):
                facts.SourcePort = udp.SourcePort;
                facts.DestinationPort = udp.DestinationPort;
                return DropReason.None;
            case IpProtocol.Icmp when Icmpv4Header.TryRead(payload, out var icmp):
                facts.IcmpType = (byte)icmp.Type;
                facts.SourcePort = icmp.IsQuery ? icmp.Identifier : (ushort)0;
                facts.DestinationPort = icmp.IsQuery ? (ushort)0 : facts.IcmpType;
                facts.IsIcmpError = icmp.IsError && TryReadQuotation(payload[Icmpv4Header.Size..], ref facts);
                return DropReason.None;
            case IpProtocol.Sctp when payload.Length >= 12:
                ReadPorts(payload, out facts.SourcePort, out facts.DestinationPort);
                return DropReason.None;
            case IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Icmp or IpProtocol.Sctp:
                return DropReason.InvalidTransportHeader;
            default:
                return DropReason.None;
        }
    }

    private static TcpSegment SegmentOf(in TcpHeader tcp, ReadOnlySpan<byte> segment)
    {
        var isSyn = (tcp.Flags & TcpFlags.Syn) != TcpFlags.None;
        var scale = isSyn ? TcpOptions.Find(segment, TcpOptions.WindowScale, TcpOptions.WindowScaleLength) : -1;
        return new TcpSegment
        {
            Sequence = tcp.Sequence,
            Acknowledgment = tcp.AcknowledgmentNumber,
            Length = (uint)(segment.Length - tcp.HeaderLength) + (isSyn ? 1u : 0) + ((tcp.Flags & TcpFlags.Fin) != TcpFlags.None ? 1u : 0),
            Window = tcp.Window,
            Scale = scale < 0 ? (byte)0 : segment[scale],
        };
    }

    // The quotation has at least eight bytes behind its IP header (RFC 792), and was sent by whom the error is for.
    private static bool TryReadQuotation(ReadOnlySpan<byte> quotation, ref PacketFacts facts)
    {
        if (
            !Ipv4Header.TryReadQuoted(quotation, out var ipv4)
            || ipv4.Source != facts.Destination
            || quotation.Length < ipv4.HeaderLength + 8
            || ipv4.FragmentOffset > 0
        )
        {
            return false;
        }

        ushort sourcePort = 0;
        ushort destinationPort = 0;
        var transport = quotation[ipv4.HeaderLength..];
        if (ipv4.Protocol is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.Sctp)
        {
            ReadPorts(transport, out sourcePort, out destinationPort);
        }
        else if (ipv4.Protocol == IpProtocol.Icmp)
        {
            Icmpv4Header.TryRead(transport, out var icmp);
            if (!icmp.IsQuery)
            {
                return false;
            }

            sourcePort = icmp.Identifier;
        }

        facts.QuotedReverse = new FlowKey(0, ipv4.Source, ipv4.Destination, sourcePort, destinationPort, ipv4.Protocol).Reverse(0);
        return true;
    }

    private static void ReadPorts(ReadOnlySpan<byte> transport, out ushort source, out ushort destination)
    {
        source = BinaryPrimitives.ReadUInt16BigEndian(transport);
        destination = BinaryPrimitives.ReadUInt16BigEndian(transport[2..]);
    }
}
