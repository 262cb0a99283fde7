using Fabric.Wire.Packets;

namespace Fabric.Datapath.Tests;

/// <summary>Options of a client in the fields of the file and of the server's name (RFC 2131 section 4.1, RFC 2132 section 9.3).</summary>
public sealed class DhcpOverloadTests
{
    [Test]
    public void A_request_whose_options_are_all_in_the_file_field_is_answered() =>
        Assert.That(new Host().FromVif(1, AllInFile).Vifs.Single().Frame, Is.EqualTo(Golden.DhcpAck));

    [Test]
    public void A_request_to_another_server_that_the_name_field_names_is_not_answered()
    {
        var host = new Host();
        Assert.That((host.FromVif(1, OtherServerInName).Count, host.Dropped(DropReason.DhcpIgnored)), Is.EqualTo((0, 1L)));
    }

    [Test]
    public void A_wrong_address_in_the_name_field_is_refused() =>
        Assert.That(new Host().FromVif(1, WrongAddressInName).Vifs.Single().Frame, Is.EqualTo(Golden.DhcpNak));

    [Test]
    public void A_file_field_that_nothing_says_holds_options_is_a_file_name() =>
        Assert.That(new Host().FromVif(1, FileName).Count, Is.EqualTo(1), "a DHCPDISCOVER, and no DHCPRELEASE");

    [Test]
    public void A_field_that_says_that_the_other_holds_options_is_not_heard() =>
        Assert.That(new Host().FromVif(1, PointsOn).Count, Is.Zero, "a DHCPREQUEST for no address");

    // The field of the file stands behind that of the name, and has the rest of the address.
    [Test]
    public void An_option_that_runs_over_its_field_is_none() =>
        Assert.That(new Host().FromVif(1, RunsOver).Count, Is.Zero, "a DHCPREQUEST for no address");

    [Test]
    public void Overloaded_options_come_behind_the_others_and_the_file_before_the_name()
    {
        Assert.That(
            DhcpMessage.TryRead(OtherServerInName.AsSpan(EthernetHeader.Size + Ipv4Header.Size + UdpHeader.Size), out var message),
            Is.True
        );
        var codes = new List<DhcpOption>();
        var options = message.Options;
        while (options.TryRead(out var code, out _))
        {
            codes.Add(code);
        }

        Assert.That(
            codes,
            Is.EqualTo([DhcpOption.Overload, DhcpOption.MessageType, DhcpOption.RequestedAddress, DhcpOption.ServerIdentifier])
        );
    }

    // Ether(dst="ff:ff:ff:ff:ff:ff",src=M1)/IP(src="0.0.0.0",dst="255.255.255.255")/UDP(sport=68,dport=67)/BOOTP(chaddr=bytes.fromhex("020000000001")+bytes(10),xid=0x11223344,file=raw(DHCP(options=[("message-type","request"),("requested_addr","10.1.0.11"),("server_id","10.1.0.2"),"end"])))/DHCP(options=[(52,b"\x01"),"end"]), of scapy 2.5.0.
    private static byte[] AllInFile =>
        Convert.FromHexString(
            "ffffffffffff02000000000108004500011000010000401179dd00000000ffffffff0044004300fc72a501010600112233440000000000000000000000000000000000000000020000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000035010332040a01000b36040a010002ff0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000063825363340101ff"
        );

    // Ether(dst="ff:ff:ff:ff:ff:ff",src=M1)/IP(src="0.0.0.0",dst="255.255.255.255")/UDP(sport=68,dport=67)/BOOTP(chaddr=bytes.fromhex("020000000001")+bytes(10),xid=0x11223344,file=raw(DHCP(options=[("requested_addr","10.1.0.11"),"end"])),sname=raw(DHCP(options=[("server_id","10.1.0.9"),"end"])))/DHCP(options=[(52,b"\x03"),("message-type","request"),"end"]), of scapy 2.5.0.
    private static byte[] OtherServerInName =>
        Convert.FromHexString(
            "ffffffffffff02000000000108004500011300010000401179da00000000ffffffff0044004300ff47c1010106001122334400000000000000000000000000000000000000000200000000010000000000000000000036040a010009ff00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000032040a01000bff0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000063825363340103350103ff"
        );

    // Ether(dst="ff:ff:ff:ff:ff:ff",src=M1)/IP(src="0.0.0.0",dst="255.255.255.255")/UDP(sport=68,dport=67)/BOOTP(chaddr=bytes.fromhex("020000000001")+bytes(10),xid=0x11223344,sname=raw(DHCP(options=[("requested_addr","10.1.0.77"),"end"])))/DHCP(options=[("message-type","request"),(52,b"\x02"),"end"]), of scapy 2.5.0.
    private static byte[] WrongAddressInName =>
        Convert.FromHexString(
            "ffffffffffff02000000000108004500011300010000401179da00000000ffffffff0044004300ff8590010106001122334400000000000000000000000000000000000000000200000000010000000000000000000032040a01004dff000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000063825363350103340102ff"
        );

    // Ether(dst="ff:ff:ff:ff:ff:ff",src=M1)/IP(src="0.0.0.0",dst="255.255.255.255")/UDP(sport=68,dport=67)/BOOTP(chaddr=bytes.fromhex("020000000001")+bytes(10),xid=0x11223344,file=raw(DHCP(options=[("message-type","release"),"end"])))/DHCP(options=[("message-type","discover"),"end"]), of scapy 2.5.0.
    private static byte[] FileName =>
        Convert.FromHexString(
            "ffffffffffff02000000000108004500011000010000401179dd00000000ffffffff0044004300fc8521010106001122334400000000000000000000000000000000000000000200000000010000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000350107ff0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000063825363350101ff"
        );

    // Ether(dst="ff:ff:ff:ff:ff:ff",src=M1)/IP(src="0.0.0.0",dst="255.255.255.255")/UDP(sport=68,dport=67)/BOOTP(chaddr=bytes.fromhex("020000000001")+bytes(10),xid=0x11223344,file=raw(DHCP(options=[(52,b"\x03"),("message-type","request"),"end"])),sname=raw(DHCP(options=[("requested_addr","10.1.0.11"),"end"])))/DHCP(options=[(52,b"\x01"),"end"]), of scapy 2.5.0.
    private static byte[] PointsOn =>
        Convert.FromHexString(
            "ffffffffffff02000000000108004500011000010000401179dd00000000ffffffff0044004300fc50d6010106001122334400000000000000000000000000000000000000000200000000010000000000000000000032040a01000bff000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000340103350103ff0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000063825363340101ff"
        );

    // Ether(dst="ff:ff:ff:ff:ff:ff",src=M1)/IP(src="0.0.0.0",dst="255.255.255.255")/UDP(sport=68,dport=67)/BOOTP(chaddr=bytes.fromhex("020000000001")+bytes(10),xid=0x11223344,sname=bytes(62)+bytes([50,4]),file=bytes([10,1,0,11]))/DHCP(options=[("message-type","request"),(52,b"\x02"),"end"]), of scapy 2.5.0.
    private static byte[] RunsOver =>
        Convert.FromHexString(
            "ffffffffffff02000000000108004500011300010000401179da00000000ffffffff0044004300ff84d30101060011223344000000000000000000000000000000000000000002000000000100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000032040a01000b0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000063825363350103340102ff"
        );
}
