using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>Takes the outer headers off a packet of the underlay: IPv4, GRE (with checksum and key if they are there), one MPLS label.</summary>
internal static class Decapsulation
{
    public static DropReason Open(ref PacketBuffer packet, DatapathTables tables, out uint outerSource, out Vif? vif)
    {
        vif = null;
        outerSource = 0;
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

        if (outer.Protocol != IpProtocol.Gre)
        {
            return DropReason.UnsupportedTunnelProtocol;
        }

        if (outer.IsFragment)
        {
            return DropReason.OuterFragment;
        }

        outerSource = outer.Source;
        packet.Trim(outer.TotalLength);
        packet.Advance(outer.HeaderLength);
        if (!GreHeader.TryRead(packet.Packet, out var gre) || gre.Protocol != EtherType.MplsUnicast)
        {
            return DropReason.UnsupportedGre;
        }

        packet.Advance(gre.Length);
        return OpenLabel(ref packet, tables, out vif);
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
