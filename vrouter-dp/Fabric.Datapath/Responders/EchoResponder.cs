using System.Buffers.Binary;
using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>Answers pings to the gateway and the service address (RFC 792); nothing else is offered there.</summary>
internal static class EchoResponder
{
    private const byte TimeToLive = 64;

    public static DropReason Answer(Vif vif, ref PacketBuffer frame, in PacketFacts facts, IPacketOutput output)
    {
        if (facts.Protocol != IpProtocol.Icmp || facts.IcmpType != (byte)Icmpv4Type.Echo || facts.IsFragment)
        {
            return DropReason.NotForwarded;
        }

        frame.Trim(EthernetHeader.Size + facts.TotalLength);
        var packet = frame.Packet[EthernetHeader.Size..];
        var icmp = packet[facts.HeaderLength..];
        if (!InternetChecksum.IsValid(icmp))
        {
            return DropReason.InvalidTransportHeader;
        }

        EthernetHeader.Write(frame.Packet, vif.Mac, MacAddress.VirtualRouter, EtherType.Ipv4);
        packet[8] = TimeToLive;
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], facts.Destination);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], facts.Source);
        Ipv4Header.WriteChecksum(packet[..facts.HeaderLength]);
        icmp[0] = (byte)Icmpv4Type.EchoReply;
        Icmpv4Header.WriteChecksum(icmp);
        vif.Statistics.CountSent(frame.Length);
        output.ToVif(vif.Id, frame.Packet, PacketOffload.None);
        return DropReason.None;
    }
}
