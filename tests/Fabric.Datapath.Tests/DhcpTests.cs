using Fabric.Model.Datapath;
using Fabric.Wire.Packets;

namespace Fabric.Datapath.Tests;

public sealed class DhcpTests
{
    [TestCase(nameof(Golden.DhcpDiscover), nameof(Golden.DhcpOffer))]
    [TestCase(nameof(Golden.DhcpDiscoverBroadcast), nameof(Golden.DhcpOfferBroadcast))]
    [TestCase(nameof(Golden.DhcpRequest), nameof(Golden.DhcpAck))]
    [TestCase(nameof(Golden.DhcpRequestWrong), nameof(Golden.DhcpNak))]
    [TestCase(nameof(Golden.DhcpInform), nameof(Golden.DhcpInformAck))]
    public void A_client_is_answered(string request, string reply) =>
        Assert.That(Bytes(new Host().FromVif(1, Packet(request)).Vifs.Single().Frame), Is.EqualTo(Bytes(Packet(reply))));

    [TestCase(nameof(Golden.DhcpRequestElsewhere), DropReason.DhcpIgnored)]
    [TestCase(nameof(Golden.DhcpRelease), DropReason.DhcpIgnored)]
    [TestCase(nameof(Golden.DhcpOtherClient), DropReason.SpoofedSourceMac)]
    public void A_message_that_wants_no_answer_gets_none(string request, DropReason reason)
    {
        var host = new Host();
        Assert.That((host.FromVif(1, Packet(request)).Count, host.Dropped(reason)), Is.EqualTo((0, 1L)));
    }

    // Option 61, as it came (RFC 6842 section 3).
    [TestCase(nameof(Golden.DhcpDiscoverWithIdentifier))]
    [TestCase(nameof(Golden.DhcpRequestWrongWithIdentifier))]
    public void A_clients_identifier_is_in_the_answer(string request) =>
        Assert.That(
            Bytes(new Host().FromVif(1, Packet(request)).Vifs.Single().Frame),
            Does.Contain("-36-04-0A-01-00-02-3D-0D-FF-12-34-56-78-00-02-00-00-AB-11-01-02-")
        );

    [Test]
    public void A_configured_default_route_is_not_doubled()
    {
        var host = new Host();
        var vif = Host.Vif(1, 1, "10.1.0.11");
        vif.Dhcp.Routes.Clear();
        vif.Dhcp.Routes.Add(new HostRoute { NextHop = Host.Address("10.1.0.9") });
        host.Apply(new Batch { Vifs = { vif } });

        var frame = Bytes(host.FromVif(1, Golden.DhcpDiscover).Vifs.Single().Frame);
        Assert.That(frame, Does.Contain("-79-05-00-0A-01-00-09-FF"));
    }

    // RFC 3396: as many options of one code as the value needs. 30 routes of 9 octets behind the default route, of 5.
    [Test]
    public void Routes_of_more_than_255_octets_come_in_several_options()
    {
        var options = OptionsFor(RoutesOf(30), MessageOf1500);
        Assert.That(options.Where(static o => o.Code == 121).Select(static o => o.Value.Length), Is.EqualTo(new[] { 255, 20 }));
        var joined = options.Where(static o => o.Code == 121).SelectMany(static o => o.Value).ToArray();
        Assert.That(Bytes(joined[..5]), Is.EqualTo("00-0A-01-00-01"));
        Assert.That(Bytes(joined[^9..]), Is.EqualTo("20-0A-63-00-1D-0A-01-00-01"));
    }

    // A client that says nothing takes 308 octets of options (RFC 2131 section 2), of which those that all clients need come first.
    [Test]
    public void What_a_client_has_no_room_for_are_the_last_routes()
    {
        var options = OptionsFor(RoutesOf(200), []);
        Assert.That(options.Select(static o => (int)o.Code), Is.EqualTo(new[] { 53, 54, 1, 28, 26, 51, 3, 12, 6, 15, 121 }));
        Assert.That(options.Sum(static o => 2 + o.Value.Length), Is.InRange(308 - 9, 307));
        Assert.That(Bytes(options[^1].Value[5..14]), Is.EqualTo("20-0A-63-00-00-0A-01-00-01"));
    }

    [Test]
    public void A_list_of_servers_is_as_long_as_it_is()
    {
        var options = OptionsFor(
            dhcp => dhcp.DnsServers.Add(Enumerable.Range(0, 70).Select(static i => 0x0A01_0100u + (uint)i)),
            MessageOf1500
        );
        Assert.That(options.Where(static o => o.Code == 6).Sum(static o => o.Value.Length), Is.EqualTo(4 * 72));
    }

    // Option 26, two bytes.
    [TestCase(0u, "1A-02-05-C0")]
    [TestCase(1400u, "1A-02-05-78")]
    [TestCase(9000u, "1A-02-05-C0")]
    public void The_mtu_is_what_a_tunnel_carries_or_less(uint configured, string option)
    {
        var host = new Host();
        var vif = Host.Vif(1, 1, "10.1.0.11");
        vif.Dhcp.Mtu = configured;
        host.Apply(new Batch { Vifs = { vif } });
        Assert.That(Bytes(host.FromVif(1, Golden.DhcpDiscover).Vifs.Single().Frame), Does.Contain(option));
    }

    [Test]
    public void A_port_without_dhcp_is_not_answered()
    {
        var host = new Host();
        var vif = Host.Vif(1, 1, "10.1.0.11");
        vif.Dhcp = null;
        host.Apply(new Batch { Vifs = { vif } });
        Assert.That((host.FromVif(1, Golden.DhcpDiscover).Count, host.Dropped(DropReason.DhcpDisabled)), Is.EqualTo((0, 1L)));
    }

    // Option 57.
    private static readonly byte[] MessageOf1500 = [57, 2, 5, 0xDC];

    private static Action<DhcpConfig> RoutesOf(int count) =>
        dhcp =>
            dhcp.Routes.Add(Enumerable.Range(0, count).Select(static i => new HostRoute { Prefix = 0x0A63_0000 + (uint)i, Length = 32 }));

    // What the machine is offered that adds options of its own to its request.
    private static List<(byte Code, byte[] Value)> OptionsFor(Action<DhcpConfig> configure, byte[] own)
    {
        var host = new Host();
        var vif = Host.Vif(1, 1, "10.1.0.11");
        vif.Dhcp.Routes.Clear();
        configure(vif.Dhcp);
        host.Apply(new Batch { Vifs = { vif } });
        byte[] request = [.. Golden.DhcpDiscover[..^1], .. own, (byte)DhcpOption.End];
        var packet = request.AsSpan(EthernetHeader.Size);
        UdpHeader.Write(packet[Ipv4Header.Size..], UdpPort.DhcpClient, UdpPort.DhcpServer, 0, uint.MaxValue);
        Ipv4Header.Write(packet, packet.Length, 1, 0, 64, IpProtocol.Udp, 0, uint.MaxValue);
        var answer = host.FromVif(1, request).Vifs.Single().Frame;
        Assert.That(DhcpMessage.TryRead(answer.AsSpan(Message), out var reply), Is.True);
        var options = new List<(byte, byte[])>();
        var reader = reply.Options;
        while (reader.TryRead(out var code, out var value))
        {
            options.Add(((byte)code, value.ToArray()));
        }

        return options;
    }

    private const int Message = EthernetHeader.Size + Ipv4Header.Size + UdpHeader.Size;

    private static string Bytes(byte[] frame) => BitConverter.ToString(frame);

    private static byte[] Packet(string name) => (byte[])typeof(Golden).GetProperty(name)!.GetValue(null)!;
}
