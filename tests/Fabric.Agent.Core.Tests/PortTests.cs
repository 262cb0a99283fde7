using Fabric.Agent.Core.Compilation;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.Core.Publishing;
using Fabric.Primitives;

namespace Fabric.Agent.Core.Tests;

public sealed class PortTests
{
    [Test]
    public void A_port_is_active_only_when_both_halves_exist([Values] bool plugComesFirst)
    {
        var lab = Lab.Started(View.Network("red", "10.1.0.0/24"));
        AgentEvent plug = new PortPlugged(View.Plug(View.PortA, "tap-a"));
        AgentEvent configure = new ConfigUpdated(Lab.First, View.Port(View.PortA, "red", "10.1.0.5"));

        lab.Do(plugComesFirst ? plug : configure);
        Assert.That(lab.DataPlane.Vifs, Is.Empty);

        lab.Do(plugComesFirst ? configure : plug);
        Assert.That(lab.DataPlane.Vifs.Single().Device, Is.EqualTo("tap-a"));
        Assert.That(lab.RouteTo("10.1.0.5/32"), Is.EqualTo("vif tap-a"));
    }

    [Test]
    public void A_vrf_is_subscribed_with_its_first_port_and_unsubscribed_with_its_last()
    {
        var lab = Lab.Started(
            View.Network("red", "10.1.0.0/24"),
            View.Port(View.PortA, "red", "10.1.0.5"),
            View.Port(View.PortB, "red", "10.1.0.6")
        );
        var controller = lab.Controllers[Lab.First];
        Assert.That(controller.Subscriptions, Is.Empty);

        lab.Plug(View.PortA, "tap-a").Plug(View.PortB, "tap-b");
        Assert.That(controller.Subscriptions.Keys, Is.EqualTo([View.Red]));
        Assert.That(controller.Routes.Keys.Select(key => key.Prefix.ToString()), Is.EquivalentTo(["10.1.0.5/32", "10.1.0.6/32"]));

        lab.Do(new PortUnplugged(View.PortA));
        Assert.That(controller.Subscriptions, Is.Not.Empty);
        Assert.That(controller.Routes.Keys.Select(key => key.Prefix.ToString()), Is.EqualTo(["10.1.0.6/32"]));

        lab.Do(new PortUnplugged(View.PortB));
        Assert.That(controller.Subscriptions, Is.Empty);
        Assert.That(lab.DataPlane.Tables.Keys, Is.EquivalentTo(["host", $"access-list {SecurityGroups.Unresolved}"]));
    }

    [Test]
    public void Labels_begin_at_16_and_a_freed_one_is_not_the_next_one_given()
    {
        var lab = Lab.Started(
            View.Network("red", "10.1.0.0/24"),
            View.Port(View.PortA, "red", "10.1.0.5"),
            View.Port(View.PortB, "red", "10.1.0.6")
        );
        lab.Plug(View.PortA, "tap-a");
        Assert.That(lab.Core.Ports.Active[View.PortA].Label, Is.EqualTo(16));

        lab.Do(new PortUnplugged(View.PortA)).Plug(View.PortB, "tap-b");
        Assert.That(lab.Core.Ports.Active[View.PortB].Label, Is.EqualTo(17));
    }

    [Test]
    public void A_published_route_has_label_network_and_groups()
    {
        var lab = Lab.Started(
            View.Network("red", "10.1.0.0/24"),
            View.Group("default-domain:acme:web", 8_000_001),
            View.Port(View.PortA, "red", "10.1.0.5", "default-domain:acme:web")
        );
        lab.Plug(View.PortA, "tap-a");

        var key = View.Key(View.Red, "10.1.0.5/32");
        Assert.That(
            lab.Controllers[Lab.First].Routes[key],
            Is.EqualTo(new PublishedRoute(key, new MplsLabel(16), "default-domain:acme:red", [8_000_001]))
        );
    }

    [Test]
    public void A_disabled_port_is_withdrawn_and_keeps_its_label()
    {
        var lab = Lab.Started(View.Network("red", "10.1.0.0/24"), View.Port(View.PortA, "red", "10.1.0.5"));
        lab.Plug(View.PortA, "tap-a");

        lab.Do(new PortPlugged(View.Plug(View.PortA, "tap-a") with { Enabled = false }));
        Assert.That(lab.Core.Ports.States[View.PortA], Is.EqualTo(PortState.Disabled));
        Assert.That(lab.Controllers[Lab.First].Routes, Is.Empty);

        lab.Plug(View.PortA, "tap-a");
        Assert.That(lab.Core.Ports.Active[View.PortA].Label, Is.EqualTo(16));
    }

    [Test]
    public void Two_ports_do_not_share_a_device()
    {
        var lab = Lab.Started(
            View.Network("red", "10.1.0.0/24"),
            View.Port(View.PortA, "red", "10.1.0.5"),
            View.Port(View.PortB, "red", "10.1.0.6")
        );
        lab.Plug(View.PortA, "tap").Plug(View.PortB, "tap");
        Assert.That(lab.Core.Ports.States.Values, Is.EqualTo([PortState.Active, PortState.DeviceInUse]));
    }

    [Test]
    public void A_port_whose_group_is_unknown_allows_nothing_until_the_group_comes()
    {
        var lab = Lab.Started(View.Network("red", "10.1.0.0/24"), View.Port(View.PortA, "red", "10.1.0.5", "web"));
        lab.Plug(View.PortA, "tap-a");
        Assert.That(lab.DataPlane.Vifs.Single().SecurityGroups, Is.EqualTo([SecurityGroups.Unresolved]));

        lab.Do(new ConfigUpdated(Lab.First, View.Group("web", 77)));
        Assert.That(lab.DataPlane.Vifs.Single().SecurityGroups, Is.EqualTo([77u]));
    }

    [Test]
    public void Dhcp_tells_the_vm_its_subnet_and_the_mtu_that_fits_the_tunnel()
    {
        var lab = Lab.Started(View.Network("red", "10.1.0.0/24"), View.Port(View.PortA, "red", "10.1.0.5"));
        lab.Plug(View.PortA, "tap-a");

        var dhcp = lab.DataPlane.Vifs.Single().Dhcp;
        Assert.That(dhcp.Address, Is.EqualTo(0x0A010005));
        Assert.That(dhcp.PrefixLength, Is.EqualTo(24));
        Assert.That(dhcp.Gateway, Is.EqualTo(0x0A010001));
        Assert.That(dhcp.Server, Is.EqualTo(0x0A010002));
        Assert.That(dhcp.DnsServers, Is.EqualTo([0x0A010002u]));
        Assert.That(dhcp.DomainName, Is.EqualTo("acme.example"));
        Assert.That(dhcp.HostName, Is.EqualTo("vm-a"));
        Assert.That(dhcp.Mtu, Is.EqualTo(1472));
        Assert.That(dhcp.LeaseSeconds, Is.EqualTo(uint.MaxValue));
        Assert.That(dhcp.Routes.Single().Prefix, Is.EqualTo(0xCB007100));
    }

    [Test]
    public void The_mtu_of_the_network_comes_before_that_of_the_underlay()
    {
        var lab = Lab.Started(View.Network("red", "10.1.0.0/24", mtu: 1400), View.Port(View.PortA, "red", "10.1.0.5"));
        lab.Plug(View.PortA, "tap-a");
        Assert.That(lab.DataPlane.Vifs.Single().Dhcp.Mtu, Is.EqualTo(1400));
    }

    [Test]
    public void Gateway_and_service_address_are_received()
    {
        var lab = Lab.Started(View.Network("red", "10.1.0.0/24"), View.Port(View.PortA, "red", "10.1.0.5"));
        lab.Plug(View.PortA, "tap-a");
        Assert.That(lab.RouteTo("10.1.0.1/32"), Is.EqualTo("receive"));
        Assert.That(lab.RouteTo("10.1.0.2/32"), Is.EqualTo("receive"));
    }
}
