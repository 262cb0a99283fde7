using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Datapath;

/// <summary>
/// Sends ICMP errors to a VM from its gateway, where DHCP tells it of one. None about an ICMP error or a later fragment (RFC 1122 section 3.2.2), and only so many in a
/// second, by all workers together.
/// </summary>
internal sealed class IcmpErrorSender(VifLimits limits, int perSecond)
{
    /// <summary>An error quotes as much of the packet as fits 576 bytes (RFC 1812 section 4.3.2.3).</summary>
    private const int MaxPacket = 576;
    private const int HeadersSize = EthernetHeader.Size + Ipv4Header.Size + Icmpv4Header.Size;

    /// <summary>192.0.0.8, of a router that sends ICMP errors and has no address (RFC 7600).</summary>
    private const uint DummyAddress = 0xC000_0008;

    private readonly byte[] frame = new byte[EthernetHeader.Size + MaxPacket];
    private ushort identification;

    public void SendTimeExceeded(Vif vif, ReadOnlySpan<byte> packet, in PacketFacts facts, long nowMilliseconds, IPacketOutput output) =>
        Send(vif, packet, facts, Icmpv4Type.TimeExceeded, code: 0, rest: 0, nowMilliseconds, output);

    /// <summary>RFC 1191 section 4: the rest of the header ends with the MTU of the next hop.</summary>
    public void SendFragmentationNeeded(
        Vif vif,
        ReadOnlySpan<byte> packet,
        in PacketFacts facts,
        int mtu,
        long nowMilliseconds,
        IPacketOutput output
    ) => Send(vif, packet, facts, Icmpv4Type.DestinationUnreachable, Icmpv4Header.FragmentationNeeded, (uint)mtu, nowMilliseconds, output);

    private void Send(
        Vif vif,
        ReadOnlySpan<byte> packet,
        in PacketFacts facts,
        Icmpv4Type type,
        byte code,
        uint rest,
        long nowMilliseconds,
        IPacketOutput output
    )
    {
        var isAboutError = facts.Protocol == IpProtocol.Icmp && IsErrorType(facts.IcmpType);
        if (isAboutError || facts.IsLaterFragment || !limits.IcmpErrors(vif.Id).Take(perSecond, burst: perSecond, nowMilliseconds))
        {
            return;
        }

        var quoted = Math.Min(facts.TotalLength, MaxPacket - Ipv4Header.Size - Icmpv4Header.Size);
        var whole = frame.AsSpan(0, HeadersSize + quoted);
        EthernetHeader.Write(whole, vif.Mac, MacAddress.VirtualRouter, EtherType.Ipv4);
        packet[..quoted].CopyTo(whole[HeadersSize..]);
        Icmpv4Header.Write(whole[(EthernetHeader.Size + Ipv4Header.Size)..], type, code, rest);
        Ipv4Header.Write(
            whole[EthernetHeader.Size..],
            whole.Length - EthernetHeader.Size,
            identification++,
            0,
            64,
            IpProtocol.Icmp,
            AddressTowards(vif),
            facts.Source
        );
        vif.Statistics.CountSent(whole.Length);
        output.ToVif(vif.Id, whole, PacketOffload.None);
    }

    // A machine must hear of the MTU whether or not an address of ours is known.
    private static uint AddressTowards(Vif vif) =>
        vif.Dhcp is { Gateway: var gateway and not 0 } ? gateway
        : vif.Dhcp is { Server: var server and not 0 } ? server
        : DummyAddress;

    private static bool IsErrorType(byte type) =>
        (Icmpv4Type)type is not (Icmpv4Type.Echo or Icmpv4Type.EchoReply or Icmpv4Type.Timestamp or Icmpv4Type.TimestampReply);
}
