using Fabric.Model.Datapath;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Answers DHCPv4 (RFC 2131) from the port's own configuration; a request never leaves the host and there is nothing to lease. A client
/// that asks for another server's or nobody's lease gets silence, one that asks for a wrong address a DHCPNAK with a server identifier,
/// broadcast (section 4.3.2).
/// </summary>
internal sealed class DhcpResponder
{
    private const int HeadersSize = EthernetHeader.Size + Ipv4Header.Size + UdpHeader.Size;
    private const uint BroadcastAddress = 0xFFFF_FFFF;
    private readonly byte[] frame = new byte[EthernetHeader.Size + 1500];

    public static bool IsRequest(in PacketFacts facts, Vif vif) =>
        facts is { Protocol: IpProtocol.Udp, IsFragment: false, DestinationPort: UdpPort.DhcpServer, SourcePort: UdpPort.DhcpClient }
        && (
            facts.Destination == BroadcastAddress
            || (vif.Dhcp is { } dhcp && (facts.Destination == dhcp.Server || facts.Destination == dhcp.Gateway))
        );

    public DropReason Answer(Vif vif, ReadOnlySpan<byte> packet, in PacketFacts facts, HostSettings host, IPacketOutput output)
    {
        UdpHeader.TryRead(packet[facts.HeaderLength..], out var udp);
        var datagram = packet.Slice(facts.HeaderLength, udp.Length);
        if (!DhcpMessage.TryRead(datagram[UdpHeader.Size..], out var request) || request.Operation != DhcpMessage.Request)
        {
            return DropReason.InvalidDhcp;
        }

        if (request.ClientMac != vif.Mac)
        {
            return DropReason.SpoofedSourceMac;
        }

        if (vif.Dhcp is not { } config)
        {
            return DropReason.DhcpDisabled;
        }

        var reply = request.RelayAddress == 0 ? Decide(request, config) : DhcpMessageType.None;
        if (reply == DhcpMessageType.None)
        {
            return DropReason.DhcpIgnored;
        }

        var isNegative = reply == DhcpMessageType.NegativeAcknowledgment;
        var isInform = request.Type == DhcpMessageType.Inform;
        var yourAddress = isNegative || isInform ? 0 : config.Address;
        var message = frame.AsSpan(HeadersSize);
        DhcpMessage.WriteReply(
            message,
            request.TransactionId,
            request.Flags,
            yourAddress,
            isNegative ? 0 : config.Server,
            request.ClientMac
        );
        var options = new DhcpOptionWriter(message.Slice(DhcpMessage.OptionsOffset, DhcpReplyOptions.Room(request)));
        DhcpReplyOptions.Write(ref options, reply, request, config, host);

        var isUnicast = !isNegative && (isInform || request.ClientAddress != 0 || (request.Flags & DhcpMessage.BroadcastFlag) == 0);
        var unicast = isInform ? request.ClientAddress : yourAddress;
        Send(
            vif,
            DhcpMessage.OptionsOffset + options.Length,
            config.Server,
            isUnicast && unicast != 0 ? unicast : BroadcastAddress,
            output
        );
        return DropReason.None;
    }

    private static DhcpMessageType Decide(in DhcpMessage request, DhcpConfig config)
    {
        switch (request.Type)
        {
            case DhcpMessageType.Discover:
                return DhcpMessageType.Offer;
            case DhcpMessageType.Inform:
                return DhcpMessageType.Acknowledgment;
            case DhcpMessageType.Request:
                var server = request.AddressOption(DhcpOption.ServerIdentifier);
                var wanted = request.AddressOption(DhcpOption.RequestedAddress);
                wanted = wanted != 0 ? wanted : request.ClientAddress;
                return (server != 0 && server != config.Server) || wanted == 0 ? DhcpMessageType.None
                    : wanted == config.Address ? DhcpMessageType.Acknowledgment
                    : DhcpMessageType.NegativeAcknowledgment;
            default:
                return DhcpMessageType.None;
        }
    }

    private void Send(Vif vif, int messageLength, uint server, uint destination, IPacketOutput output)
    {
        var whole = frame.AsSpan(0, HeadersSize + messageLength);
        var mac = destination == BroadcastAddress ? MacAddress.Broadcast : vif.Mac;
        EthernetHeader.Write(whole, mac, MacAddress.VirtualRouter, EtherType.Ipv4);
        UdpHeader.Write(whole[(EthernetHeader.Size + Ipv4Header.Size)..], UdpPort.DhcpServer, UdpPort.DhcpClient, server, destination);
        var packet = whole[EthernetHeader.Size..];
        Ipv4Header.Write(packet, packet.Length, identification: 0, flagsAndOffset: 0, 64, IpProtocol.Udp, server, destination);
        vif.Statistics.CountSent(whole.Length);
        output.ToVif(vif.Id, whole, PacketOffload.None);
    }
}
