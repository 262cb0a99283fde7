using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Answers ARP requests of a VM with the virtual router's address, for its gateway and for whatever has a route: a VM reaches all others
/// through the router, so a request never leaves the host. A VM's own address is never answered, or it would take it for a duplicate
/// (RFC 5227 section 2.1.1).
/// </summary>
internal static class ArpResponder
{
    public static DropReason Answer(Vif vif, ref PacketBuffer frame, DatapathTables tables, IPacketOutput output)
    {
        if (!ArpPacket.TryRead(frame.Packet[EthernetHeader.Size..], out var arp))
        {
            return DropReason.InvalidArp;
        }

        if (arp.SenderMac != vif.Mac)
        {
            return DropReason.SpoofedSourceMac;
        }

        if (arp.Operation != ArpOperation.Request)
        {
            return arp.Operation == ArpOperation.Reply ? DropReason.ArpReply : DropReason.InvalidArp;
        }

        var (sender, target) = (arp.SenderAddress, arp.TargetAddress);
        if (arp.IsProbe || sender == target || vif.HasAddress(target))
        {
            return DropReason.ArpProbe;
        }

        if (!vif.HasAddress(sender))
        {
            return DropReason.SpoofedSourceAddress;
        }

        if (tables.Vrf(vif.Vrf) is not { } vrf)
        {
            return DropReason.UnknownVrf;
        }

        if (!IsGateway(vif, target) && !HasRoute(vrf, target, tables))
        {
            return DropReason.ArpNoRoute;
        }

        frame.Trim(EthernetHeader.Size + ArpPacket.Size);
        EthernetHeader.Write(frame.Packet, vif.Mac, MacAddress.VirtualRouter, EtherType.Arp);
        ArpPacket.Write(frame.Packet[EthernetHeader.Size..], ArpOperation.Reply, MacAddress.VirtualRouter, target, vif.Mac, sender);
        vif.Statistics.CountSent(frame.Length);
        output.ToVif(vif.Id, frame.Packet, PacketOffload.None);
        return DropReason.None;
    }

    private static bool IsGateway(Vif vif, uint address) => address != 0 && vif.Dhcp?.Gateway == address;

    private static bool HasRoute(Vrf vrf, uint address, DatapathTables tables) =>
        vrf.Lookup(address) is { } route && tables.NextHop(route.NextHop) is { Kind: not NextHopKind.Discard };
}
