using Fabric.Bgp;
using Fabric.Controller.Inspection;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What operators may ask of large tables.</summary>
public sealed class InspectionTests
{
    [Test]
    public void A_table_with_more_routes_than_the_limit_says_so()
    {
        var (scene, _) = Start();

        var some = scene.Inspector.Routes.Routes(AddressFamily.Vpnv4, null, limit: 2);
        var all = scene.Inspector.Routes.Routes(AddressFamily.Vpnv4, null, limit: 3);

        Assert.That((some.Routes.Count, some.Total), Is.EqualTo((2, 3)));
        Assert.That((all.Routes.Count, all.Total), Is.EqualTo((3, 3)));
    }

    [Test]
    public void One_prefix_is_shown_alone()
    {
        var (scene, _) = Start();
        const string prefix = "203.0.113.0/24";

        Assert.That(scene.Inspector.Routes.VrfRoutes("red", prefix, limit: 9)!.Routes.Single().Prefix, Is.EqualTo("203.0.113.0/24"));
        Assert.That(
            scene.Inspector.Routes.Routes(AddressFamily.Vpnv4, prefix, limit: 9).Routes.Single().Prefix,
            Is.EqualTo("203.0.113.0/24")
        );
    }

    [Test]
    public void Networks_of_one_name_in_two_projects_are_told_apart_by_the_whole_name()
    {
        var (scene, _) = Start();
        scene.Apply(new VirtualNetwork("red", "acme"));
        scene.Run();
        var routes = scene.Inspector.Routes;

        var several = routes.VrfsCalled("red");

        Assert.That(several, Is.EquivalentTo(new[] { "default-domain:acme:red:red", "default-domain:default-project:red:red" }));
        Assert.That(routes.VrfRoutes("red", null, limit: 9), Is.Null);
        Assert.That(several.Select(name => routes.VrfRoutes(name, null, limit: 9)!.Table), Is.EqualTo(several));
        Assert.That(routes.VrfsCalled("green"), Is.Empty);
    }

    // RFC 4486, RFC 8538, RFC 9003.
    [TestCase(StopReason.AdministrativeShutdown, "administrative shutdown: 'moving'", "its operator has shut the session down there")]
    [TestCase(StopReason.PeerDeconfigured, "peer de-configured", "its operator has taken this node out of its configuration")]
    public void A_neighbour_that_has_ended_the_session_shows_why_and_what_to_look_at(StopReason reason, string words, string hint)
    {
        var (scene, gateway) = Start();

        gateway.Handle(new PeerEvent.Stop("moving", reason));
        scene.Run();

        var neighbor = scene.Inspector.Neighbors.Detail("gw")!.Neighbor;
        Assert.That(neighbor.Reason, Is.EqualTo("received cease: hard reset: cease: " + words));
        Assert.That(neighbor.Hint, Is.EqualTo(hint));
    }

    [Test]
    public void A_neighbour_that_does_not_read_shows_what_waits_for_it_and_since_when_its_routes_are_held_back()
    {
        var (scene, gateway) = Start();
        scene.Apply(Scene.Router("other", 22, AddressFamily.Vpnv4) with { RouteReflectorClient = true });
        var other = scene.Gateway("other", 22).Connected();
        NeighborDocument Shown() => scene.Inspector.Neighbors.Detail("gw")!.Neighbor;
        Assert.That((Shown().OutputOctets, Shown().BlockedSeconds), Is.EqualTo((0, (long?)null)));

        scene.Network.SetSlowReader("gw", "control1", slow: true);
        for (var i = 0; i < 600; i++)
        {
            other.Announce(scene.TargetOf("red"), communities: 900 + i % 2, "198.51.100.0/24");
            scene.Run(0.01);
        }

        var first = Shown();
        scene.Run(10);
        Assert.That(first.OutputOctets, Is.InRange(128 << 10, 512 << 10));
        Assert.That(Shown().BlockedSeconds, Is.EqualTo(first.BlockedSeconds + 10));
        scene.Network.SetSlowReader("gw", "control1", slow: false);
        scene.Run(20);
        Assert.That((Shown().OutputOctets, Shown().BlockedSeconds), Is.EqualTo((0, (long?)null)));
        Assert.That(gateway.Peer.State, Is.EqualTo(SessionState.Established));
    }

    [Test]
    public void A_neighbour_shows_for_how_long_it_is_up_or_down()
    {
        var (scene, gateway) = Start();
        NeighborDocument Shown() => scene.Inspector.Neighbors.Detail("gw")!.Neighbor;
        var before = Shown().EstablishedSeconds;
        scene.Run(10);
        Assert.That((Shown().EstablishedSeconds, Shown().DownSeconds), Is.EqualTo((before + 10, (long?)null)));

        gateway.Handle(new PeerEvent.Stop());
        scene.Run(30);

        Assert.That(Shown().EstablishedSeconds, Is.Null);
        Assert.That(Shown().DownSeconds, Is.InRange(29, 30));
    }

    [Test]
    public void A_neighbour_with_another_AS_shows_which_one_was_expected()
    {
        var (scene, gateway) = Start();
        gateway.Handle(new PeerEvent.Stop());
        gateway.Options = gateway.Options with { LocalAs = new AsNumber(64999), PeerAs = null };

        gateway.Begin();
        scene.Run(20);

        var neighbor = scene.Inspector.Neighbors.Detail("gw")!.Neighbor;
        Assert.That(neighbor.Reason, Is.EqualTo("sent OPEN message error: bad peer AS"));
        Assert.That(neighbor.Hint, Is.EqualTo("it says that it is in another AS than 64512, which is configured here"));
    }

    [Test]
    public void A_neighbour_shows_how_many_routes_it_sent()
    {
        var (scene, _) = Start();

        Assert.That(scene.Inspector.Neighbors.Detail("gw")!.Neighbor.RoutesReceived, Is.EqualTo(3));
    }

    [Test]
    public void What_a_neighbour_was_told_is_shown_as_the_export_rules_made_it()
    {
        var (scene, _) = Start(AddressFamily.Vpnv4);
        scene.Gateway("other", 22).Connected();

        var told = scene.Inspector.Routes.Advertised(scene.Inspector.Neighbors.Find("other"), AddressFamily.Vpnv4, null, limit: 2)!;

        Assert.That((told.Routes.Count, told.Total), Is.EqualTo((2, 3)));
        Assert.That(told.Routes[0].Prefix, Is.EqualTo("192.0.2.0/24"), "the first by RD and prefix");
        Assert.That(told.Routes[0].Path!.OriginatorId, Is.EqualTo("192.0.2.21"));
        Assert.That(told.Routes[0].Path!.ClusterList, Is.EqualTo(["0.0.0.1"]));
    }

    [Test]
    public void What_a_neighbour_sent_is_shown_without_the_paths_of_others()
    {
        var (scene, _) = Start(AddressFamily.Vpnv4);
        var other = scene.Gateway("other", 22).Connected();
        other.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();

        var received = scene.Inspector.Routes.Received(scene.Inspector.Neighbors.Find("other"), AddressFamily.Vpnv4, null, limit: 9)!;

        Assert.That(received.Routes.Single().Paths.Single().Source, Is.EqualTo("bgp:other"));
    }

    [Test]
    public void The_step_that_decided_stands_with_what_both_paths_have()
    {
        var (scene, _) = Start(AddressFamily.Vpnv4);
        var other = scene.Gateway("other", 22).Connected();
        other.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();

        var paths = scene.Inspector.Routes.VrfRoutes("red", "203.0.113.0/24", limit: 9)!.Routes.Single().Paths;

        Assert.That(paths[0].Decision, Is.EqualTo(new DecisionDocument("RouterId", "192.0.2.21", "bgp:other", "192.0.2.22", null, null)));
        Assert.That(paths[1].Decision, Is.EqualTo(new DecisionDocument("RouterId", "192.0.2.22", "bgp:gw", "192.0.2.21", null, null)));
    }

    [Test]
    public void A_neighbour_shows_the_capabilities_of_both_sides()
    {
        var (scene, _) = Start();

        var capabilities = scene.Inspector.Neighbors.Detail("gw")!.Capabilities;

        Assert.That(capabilities, Has.Member(new CapabilityDocument("4-octet AS", "64512", "64512")));
        Assert.That(capabilities, Has.Member(new CapabilityDocument("address family vpnv4", "", "")));
    }

    private static (Scene Scene, GatewayPlayer Gateway) Start(params AddressFamily[] familiesOfOther)
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply([.. Scene.TwoNetworks, Scene.Router("gw", 21, AddressFamily.Vpnv4) with { RouteReflectorClient = true }]);
        if (familiesOfOther.Length > 0)
        {
            scene.Apply(Scene.Router("other", 22, familiesOfOther));
        }

        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24");
        scene.Run();
        return (scene, gateway);
    }
}
