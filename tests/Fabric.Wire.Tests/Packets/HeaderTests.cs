using Fabric.Primitives;
using Fabric.Wire.Packets;

namespace Fabric.Wire.Tests.Packets;

/// <summary>Bytes are scapy 2.5.0's for the expression above each.</summary>
public sealed class HeaderTests
{
    // IP(src="10.1.0.11",dst="10.1.0.12",id=7,ttl=64,flags="DF")/UDP(sport=4000,dport=53)/b"q"
    private static readonly byte[] Ipv4Udp = Convert.FromHexString("4500001d00074000401126b10a01000b0a01000c0fa0003500096aee71");

    // IP(src="10.1.0.11",dst="10.1.0.12")/TCP(sport=5000,dport=80,flags="S",seq=100,options=[("MSS",1432)]) (without its IP header)
    private static readonly byte[] TcpSyn = Convert.FromHexString("138800500000006400000000600220004fee000002040598");

    // ARP(op=1,hwsrc="02:00:00:00:00:01",psrc="10.1.0.11",pdst="10.1.0.1")
    private static readonly byte[] Arp = Convert.FromHexString("00010800060400010200000000010a01000b0000000000000a010001");

    // MPLS(label=1000000,cos=5,s=1,ttl=63)
    private static readonly byte[] Mpls = Convert.FromHexString("f4240b3f");

    // GRE(proto=0x8847,key_present=1,key=77,chksum_present=1)/Raw(bytes(MPLS(label=16,s=1,ttl=63))+b"abc")
    private static readonly byte[] Gre = Convert.FromHexString("a000884711c800000000004d0001013f616263");

    // BOOTP(chaddr=bytes.fromhex("020000000001")+bytes(10),xid=0x11223344)/DHCP(options=[("message-type","request"),("requested_addr","10.1.0.11"),("server_id","10.1.0.2"),"end"])
    private static readonly byte[] Dhcp = Convert.FromHexString(
        "01010600112233440000000000000000000000000000000000000000020000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000006382536335010332040a01000b36040a010002ff"
    );

    [Test]
    public void An_ipv4_header_is_read()
    {
        Assert.That(Ipv4Header.TryRead(Ipv4Udp, out var ipv4), Is.True);
        Assert.That((ipv4.Source, ipv4.Destination), Is.EqualTo((Address("10.1.0.11"), Address("10.1.0.12"))));
        Assert.That((ipv4.TotalLength, ipv4.Identification, ipv4.TimeToLive), Is.EqualTo((29, (ushort)7, (byte)64)));
        Assert.That((ipv4.HasDontFragment, ipv4.HasValidChecksum, ipv4.Protocol), Is.EqualTo((true, true, IpProtocol.Udp)));
    }

    [Test]
    public void An_ipv4_header_is_written()
    {
        var bytes = new byte[20];
        Ipv4Header.Write(bytes, 29, 7, Ipv4Header.DontFragment, 64, IpProtocol.Udp, Address("10.1.0.11"), Address("10.1.0.12"));
        Assert.That(bytes, Is.EqualTo(Ipv4Udp[..20]));
    }

    [Test]
    public void A_udp_datagram_is_read_and_written()
    {
        var bytes = Ipv4Udp[20..];
        Assert.That(UdpHeader.TryRead(bytes, out var udp), Is.True);
        Assert.That((udp.SourcePort, udp.DestinationPort, udp.Length), Is.EqualTo(((ushort)4000, (ushort)53, 9)));

        bytes.AsSpan(0, 8).Clear();
        UdpHeader.Write(bytes, 4000, 53, Address("10.1.0.11"), Address("10.1.0.12"));
        Assert.That(bytes, Is.EqualTo(Ipv4Udp[20..]));
    }

    [Test]
    public void A_tcp_segment_is_read_and_its_checksum_written()
    {
        var bytes = (byte[])TcpSyn.Clone();
        Assert.That(TcpHeader.TryRead(bytes, out var tcp), Is.True);
        Assert.That((tcp.HeaderLength, tcp.Flags, tcp.Sequence), Is.EqualTo((24, TcpFlags.Syn, 100u)));

        (bytes[16], bytes[17]) = (0xAA, 0xBB);
        TcpHeader.WriteChecksum(bytes, Address("10.1.0.11"), Address("10.1.0.12"));
        Assert.That(bytes, Is.EqualTo(TcpSyn));
    }

    [Test]
    public void An_arp_request_is_read_and_written()
    {
        Assert.That(ArpPacket.TryRead(Arp, out var arp), Is.True);
        Assert.That((arp.Operation, arp.TargetAddress, arp.IsProbe), Is.EqualTo((ArpOperation.Request, Address("10.1.0.1"), false)));

        var bytes = new byte[ArpPacket.Size];
        ArpPacket.Write(bytes, arp.Operation, arp.SenderMac, arp.SenderAddress, arp.TargetMac, arp.TargetAddress);
        Assert.That(bytes, Is.EqualTo(Arp));
    }

    [Test]
    public void A_label_entry_is_read_and_written()
    {
        Assert.That(MplsLabelEntry.TryRead(Mpls, out var entry), Is.True);
        Assert.That(entry, Is.EqualTo(new MplsLabelEntry(new MplsLabel(1_000_000), 5, IsBottomOfStack: true, 63)));

        var bytes = new byte[4];
        entry.Write(bytes);
        Assert.That(bytes, Is.EqualTo(Mpls));
    }

    [Test]
    public void Gre_headers_with_key_and_checksum_are_read()
    {
        Assert.That(GreHeader.TryRead(Gre, out var gre), Is.True);
        Assert.That(gre, Is.EqualTo(new GreHeader(EtherType.MplsUnicast, 12)));

        var damaged = (byte[])Gre.Clone();
        damaged[^1] ^= 1;
        Assert.That(GreHeader.TryRead(damaged, out _), Is.False, "the checksum covers the payload");
    }

    [Test]
    public void Dhcp_options_are_read()
    {
        Assert.That(DhcpMessage.TryRead(Dhcp, out var dhcp), Is.True);
        Assert.That((dhcp.Type, dhcp.TransactionId), Is.EqualTo((DhcpMessageType.Request, 0x11223344u)));
        Assert.That(dhcp.AddressOption(DhcpOption.RequestedAddress), Is.EqualTo(Address("10.1.0.11")));
        Assert.That(dhcp.ClientMac, Is.EqualTo(MacAddress.Parse("02:00:00:00:00:01")));
    }

    // RFC 3442, examples of destination descriptors: 0/0 -> 0; 10/8 -> 8.10; 10.17.0.0/16 -> 16.10.17; 10.229.0.128/25 -> 25.10.229.0.128.
    [TestCase("0.0.0.0/0", "00")]
    [TestCase("10.0.0.0/8", "080A")]
    [TestCase("10.17.0.0/16", "100A11")]
    [TestCase("10.229.0.128/25", "190AE50080")]
    [TestCase("10.198.122.47/32", "200AC67A2F")]
    public void A_classless_route_has_only_the_significant_bytes(string prefix, string descriptor)
    {
        var parsed = IpPrefix.Parse(prefix);
        var bytes = new byte[9];
        var written = DhcpOptionWriter.WriteClasslessRoute(bytes, parsed.Address.Ipv4, parsed.Length, Address("10.0.0.1"));
        Assert.That(Convert.ToHexString(bytes, 0, written), Is.EqualTo(descriptor + "0A000001"));
    }

    [Test]
    public void Truncated_at_any_byte_nothing_is_read_beyond_its_end()
    {
        foreach (var bytes in new[] { Ipv4Udp, TcpSyn, Arp, Mpls, Gre, Dhcp })
        {
            for (var length = 0; length < bytes.Length; length++)
            {
                var cut = bytes.AsSpan(0, length);
                Assert.That(Ipv4Header.TryRead(cut, out var ipv4) && ipv4.TotalLength > length, Is.False);
                Assert.That(TcpHeader.TryRead(cut, out var tcp) && tcp.HeaderLength > length, Is.False);
                Assert.That(GreHeader.TryRead(cut, out var gre) && gre.Length > length, Is.False);
                Assert.That(ArpPacket.TryRead(cut, out _) && length < ArpPacket.Size, Is.False);
                Assert.That(DhcpMessage.TryRead(cut, out var dhcp) && dhcp.Option(DhcpOption.RequestedAddress).Length > length, Is.False);
            }
        }
    }

    private static uint Address(string text) => IpAddress.Parse(text).Ipv4;
}
