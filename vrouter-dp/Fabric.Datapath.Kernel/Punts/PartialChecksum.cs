using System.Buffers.Binary;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Kernel.Punts;

/// <summary>
/// Completes transport checksums that a sender left to its device (CHECKSUM_PARTIAL): the field has the sum of the pseudo-header, and the
/// copy that came up has lost the note that the rest is to be added. A packet that is only broken stays as it is.
/// </summary>
public static class PartialChecksum
{
    /// <summary>In a frame of a virtual machine, or in the packet inside a tunnel. The ring has done so; for what comes by the punt device it is left to do.</summary>
    public static void CompleteFrame(Span<byte> frame)
    {
        if (frame.Length >= EthernetHeader.Size && BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == EtherType.Ipv4)
        {
            CompletePacket(frame[EthernetHeader.Size..], mayBeTunnel: true);
        }
    }

    private static void CompletePacket(Span<byte> packet, bool mayBeTunnel)
    {
        if (!Ipv4Header.TryRead(packet, out var ipv4) || ipv4.IsFragment)
        {
            return;
        }

        var transport = packet[ipv4.HeaderLength..ipv4.TotalLength];
        switch (ipv4.Protocol)
        {
            case IpProtocol.Tcp when TcpHeader.TryRead(transport, out _):
                Complete(transport, TcpHeader.ChecksumOffset, ipv4);
                break;
            case IpProtocol.Udp when UdpHeader.TryRead(transport, out var udp) && udp.Length <= transport.Length:
                CompleteDatagram(transport[..udp.Length], udp, ipv4, mayBeTunnel);
                break;
            case IpProtocol.Gre when mayBeTunnel && GreHeader.TryRead(transport, out var gre) && gre.Protocol == EtherType.MplsUnicast:
                CompleteLabelled(transport[gre.Length..]);
                break;
        }
    }

    private static void CompleteDatagram(Span<byte> datagram, in UdpHeader udp, in Ipv4Header ipv4, bool mayBeTunnel)
    {
        if (mayBeTunnel && udp.DestinationPort == MplsOverUdpPort && udp.Checksum == 0)
        {
            CompleteLabelled(datagram[UdpHeader.Size..]);
        }
        else if (udp.Checksum != 0)
        {
            Complete(datagram, UdpHeader.ChecksumOffset, ipv4);
        }
    }

    private static void CompleteLabelled(Span<byte> labelled)
    {
        if (MplsLabelEntry.TryRead(labelled, out var label) && label.IsBottomOfStack)
        {
            CompletePacket(labelled[MplsLabelEntry.Size..], mayBeTunnel: false);
        }
    }

    private static void Complete(Span<byte> transport, int offset, in Ipv4Header ipv4)
    {
        var pseudoHeader = InternetChecksum.PseudoHeader(ipv4.Source, ipv4.Destination, ipv4.Protocol, transport.Length);
        var isPartial = BinaryPrimitives.ReadUInt16BigEndian(transport[offset..]) == (ushort)~InternetChecksum.Finish(pseudoHeader);
        if (!isPartial || InternetChecksum.IsValid(transport, pseudoHeader))
        {
            return;
        }

        var checksum = InternetChecksum.Compute(transport);
        BinaryPrimitives.WriteUInt16BigEndian(
            transport[offset..],
            checksum == 0 && ipv4.Protocol == IpProtocol.Udp ? ushort.MaxValue : checksum
        );
    }

    /// <summary>RFC 7510 section 3.</summary>
    private const ushort MplsOverUdpPort = 6635;
}
