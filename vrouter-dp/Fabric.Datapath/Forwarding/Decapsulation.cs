using Fabric.Model.Datapath;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Takes the outer headers off a packet of the underlay: IPv4, GRE (with checksum and key if they are there) or UDP to the port of MPLS,
/// one MPLS label.
/// </summary>
internal static class Decapsulation
{
    public static DropReason Open(ref PacketBuffer packet, DatapathTables tables, out TunnelOrigin origin, out Vif? vif)
    {
        vif = null;
        origin = default;
        if (!Ipv4Header.TryRead(packet.Packet, out var outer))
        {
            return DropReason.InvalidIpv4Header;
        }

        if (!outer.HasValidChecksum)
        {
            return DropReason.InvalidIpv4Checksum;
        }

        if (outer.Destination != tables.Host.TunnelSource || outer.Destination == 0)
        {
            return DropReason.NotOurTunnel;
        }

        // In a flow, no address stands for a local interface.
        if (outer.Source == 0)
        {
            return DropReason.InvalidSource;
        }

        if (outer.Protocol is not (IpProtocol.Gre or IpProtocol.Udp))
        {
            return DropReason.UnsupportedTunnelProtocol;
        }

        if (outer.IsFragment)
        {
            return DropReason.OuterFragment;
        }

        var isUdp = outer.Protocol == IpProtocol.Udp;
        origin = new TunnelOrigin(outer.Source, isUdp ? TunnelKind.MplsOverUdp : TunnelKind.MplsOverGre);
        var destination = outer.Destination;
        packet.Trim(outer.TotalLength);
        packet.Advance(outer.HeaderLength);
        var reason = isUdp ? OpenUdp(ref packet, origin.Host, destination) : OpenGre(ref packet);
        return reason == DropReason.None ? OpenLabel(ref packet, tables, out vif) : reason;
    }

    private static DropReason OpenGre(ref PacketBuffer packet)
    {
        if (!GreHeader.TryRead(packet.Packet, out var gre) || gre.Protocol != EtherType.MplsUnicast)
        {
            return DropReason.UnsupportedGre;
        }

        packet.Advance(gre.Length);
        return DropReason.None;
    }

    // A checksum that is there must be right (RFC 7510 section 3.1; RFC 768: zero is none).
    private static DropReason OpenUdp(ref PacketBuffer packet, uint source, uint destination)
    {
        if (!UdpHeader.TryRead(packet.Packet, out var udp) || udp.Length > packet.Length)
        {
            return DropReason.InvalidUdpTunnel;
        }

        if (udp.DestinationPort != UdpPort.MplsOverUdp)
        {
            return DropReason.UnsupportedTunnelProtocol;
        }

        var hasChecksum = udp.Checksum != 0;
        packet.Trim(udp.Length);
        var pseudoHeader = InternetChecksum.PseudoHeader(source, destination, IpProtocol.Udp, packet.Length);
        if (hasChecksum && !InternetChecksum.IsValid(packet.Packet, pseudoHeader))
        {
            return DropReason.InvalidUdpTunnel;
        }

        packet.Advance(UdpHeader.Size);
        return DropReason.None;
    }

    private static DropReason OpenLabel(ref PacketBuffer packet, DatapathTables tables, out Vif? vif)
    {
        vif = null;
        if (!MplsLabelEntry.TryRead(packet.Packet, out var entry) || !entry.IsBottomOfStack)
        {
            return DropReason.InvalidMpls;
        }

        if (entry.TimeToLive == 0)
        {
            return DropReason.TtlExceeded;
        }

        if (tables.Label(entry.Label.Value) is null)
        {
            return DropReason.UnknownLabel;
        }

        vif = tables.VifOf(entry.Label.Value);
        packet.Advance(MplsLabelEntry.Size);
        return vif is null ? DropReason.InvalidNextHop : DropReason.None;
    }
}
