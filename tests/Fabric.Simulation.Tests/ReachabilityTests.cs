using Fabric.Model.Config;

namespace Fabric.Simulation.Tests;

/// <summary>What endpoints can reach, through two control nodes, three hosts and a gateway.</summary>
internal sealed class ReachabilityTests
{
    private FabricSim _fabric = null!;
    private List<byte[]> _underlay = null!;

    [SetUp]
    public void Start()
    {
        _fabric = FabricSim
            .Create(seed: 1)
            .ControlNodes(2)
            .Hosts(3)
            .Gateways(1)
            .Network("red", "10.1.0.0/24")
            .Network("blue", "10.2.0.0/24")
            .Vm("a", host: 1, "red")
            .Vm("b", host: 2, "red")
            .Vm("c", host: 1, "red")
            .Vm("x", host: 1, "blue")
            .Vm("y", host: 3, "blue")
            .Settle();
        _underlay = [];
        _fabric.Underlay.Capture = _underlay.Add;
    }

    [Test]
    public void Endpoints_of_a_network_reach_each_other_on_one_host_without_the_underlay()
    {
        _fabric.Ping("a", "c").ShouldArrive();

        Assert.That(_underlay, Is.Empty);
    }

    [Test]
    public void Across_hosts_a_ping_is_two_packets_of_ipv4_gre_mpls_ipv4()
    {
        const int OuterProtocol = 9;
        const int GreHeader = 20;
        _fabric.Ping("a", "b").ShouldArrive();

        Assert.That(_underlay, Has.Count.EqualTo(2));
        foreach (var packet in _underlay)
        {
            Assert.That(packet[OuterProtocol], Is.EqualTo(47), "GRE");
            Assert.That(packet[GreHeader..(GreHeader + 4)], Is.EqualTo(new byte[] { 0, 0, 0x88, 0x47 }), "no options, MPLS");
            Assert.That(packet[26] & 1, Is.EqualTo(1), "one label, the bottom of the stack");
            Assert.That(packet[28], Is.EqualTo(0x45), "IPv4");
        }
    }

    [Test]
    public void Networks_reach_each_other_within_a_second_of_being_connected_and_no_longer_when_not()
    {
        _fabric.Ping("a", "y").ShouldNotArrive();

        _fabric.Connect("red", "blue").Advance(seconds: 1);
        _fabric.Ping("a", "y").ShouldArrive();
        _fabric.Ping("y", "a").ShouldArrive();

        _fabric.Disconnect("red", "blue").Advance(seconds: 1);
        _fabric.Ping("a", "y").ShouldNotArrive();
        _fabric.Settle();
    }

    [Test]
    public void Connected_networks_reach_each_other_on_one_host()
    {
        _fabric.Connect("red", "blue").Settle();

        _fabric.Ping("a", "x").ShouldArrive();
    }

    [Test]
    public void A_security_group_lets_in_what_its_rule_allows_and_the_replies_of_what_goes_out()
    {
        _fabric.SecurityGroup("web", new SecurityGroupRule("ingress", Protocol: "tcp", Ports: "80")).SetGroups("b", "web").Settle();

        _fabric.Connect("a", "b", port: 80).ShouldArrive();
        _fabric.Connect("a", "b", port: 81).ShouldNotArrive();
        _fabric.Ping("a", "b").ShouldNotArrive();
        _fabric.Ping("b", "a").ShouldArrive();
    }

    [Test]
    public void A_vm_and_an_endpoint_behind_the_gateway_reach_each_other_while_it_is_there()
    {
        _fabric.Endpoint("far", "red", "172.16.0.1").Settle();
        _fabric.Ping("a", "far").ShouldArrive();
        _fabric.Ping("far", "b").ShouldArrive();
        _fabric.Ping("y", "far").ShouldNotArrive();

        _fabric.RemoveEndpoint("far").Settle();
        Assert.That(_fabric.VrfPrefixes("control1", "red"), Has.None.EqualTo("172.16.0.1/32"));
    }

    [Test]
    public void The_gateway_is_asked_for_the_targets_of_networks_that_have_a_port_plugged()
    {
        Assert.That(_fabric.WantedTargets("gateway1"), Is.EqualTo(new[] { "target:64512:8000001", "target:64512:8000002" }));

        _fabric.Unplug("x").Unplug("y").Settle();
        Assert.That(_fabric.WantedTargets("gateway1"), Is.EqualTo(new[] { "target:64512:8000001" }));

        _fabric.Plug("y").Settle();
        Assert.That(_fabric.WantedTargets("gateway1"), Is.EqualTo(new[] { "target:64512:8000001", "target:64512:8000002" }));
    }

    [Test]
    public void A_moved_vm_is_reached_where_it_is_now()
    {
        _fabric.Migrate("b", host: 3).Advance(seconds: 2);

        _fabric.Ping("a", "b").ShouldArrive();
        _fabric.Ping("b", "c").ShouldArrive();
    }

    [Test]
    public void Lost_and_reordered_packets_of_the_underlay_do_no_harm()
    {
        _fabric.Underlay.Loss = 0.2;
        _fabric.Underlay.Reorder = 0.5;

        for (var i = 0; i < 20; i++)
        {
            _fabric.Ping("a", "b").ShouldArrive();
        }
    }

    [Test]
    public void Nothing_is_left_when_nothing_is_plugged() => _fabric.TearDown();
}
