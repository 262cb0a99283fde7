using Fabric.Model.Datapath;

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

    [Test]
    public void A_configured_default_route_is_not_doubled()
    {
        var host = new Host();
        var vif = Host.Vif(1, 1, "10.1.0.11");
        vif.Dhcp.Routes.Clear();
        vif.Dhcp.Routes.Add(new HostRoute { NextHop = Host.Address("10.1.0.9") });
        host.Apply(new Batch { Vifs = { vif } });

        var frame = Bytes(host.FromVif(1, Golden.DhcpDiscover).Vifs.Single().Frame);
        Assert.That(frame, Does.Contain("79-05-00-0A-01-00-09-03-04"));
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

    private static string Bytes(byte[] frame) => BitConverter.ToString(frame);

    private static byte[] Packet(string name) => (byte[])typeof(Golden).GetProperty(name)!.GetValue(null)!;
}
