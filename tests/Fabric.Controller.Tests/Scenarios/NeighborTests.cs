using Fabric.Bgp;
using Fabric.Controller.Options;
using Fabric.Intent;
using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>Neighbours as the operator changes them, and speakers that nobody configured.</summary>
public sealed class NeighborTests
{
    private static readonly DynamicNeighborOptions s_dynamic = new(
        IpPrefix.Parse("192.0.2.0/24"),
        new BgpNeighborSettings
        {
            AsNumber = new AsNumber(64512),
            LocalAsNumber = new AsNumber(64512),
            Families = [AddressFamily.Vpnv4],
            Passive = true,
        }
    );

    [Test]
    public void A_changed_description_leaves_the_session_alone()
    {
        var scene = Start();
        var router = Scene.Router("gw", 21, AddressFamily.Vpnv4);
        scene.Apply(router);
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Take();

        scene.Apply(router with { Description = "rack 7" });
        scene.Run();

        Assert.That(gateway.Take(), Is.Empty);
        Assert.That(scene.Node.Speaker.Neighbors.Single().Intent.Description, Is.EqualTo("rack 7"));
    }

    [Test]
    public void A_neighbour_that_is_taken_down_hears_why_and_its_routes_go()
    {
        var scene = Start();
        var router = Scene.Router("gw", 21, AddressFamily.Vpnv4);
        scene.Apply(router);
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();

        scene.Apply(router with { AdminDown = true, ShutdownMessage = "maintenance until six" });
        scene.Run();

        Assert.That(gateway.Heard[^1], Does.Contain("maintenance until six"));
        Assert.That(scene.Routes("red").Routes, Is.Empty);
    }

    [Test]
    public void A_neighbour_that_is_down_does_not_come_in_by_a_dynamic_prefix()
    {
        var scene = Start(s_dynamic);
        scene.Apply(Scene.Router("gw", 21, AddressFamily.Vpnv4) with { AdminDown = true });
        var gateway = scene.Gateway("gw", 21);

        gateway.Handle(new PeerEvent.Start());
        scene.Run(10);

        Assert.That(gateway.Heard, Is.Empty);
    }

    [Test]
    public void A_configured_neighbour_takes_the_place_of_a_dynamic_one()
    {
        var scene = Start(s_dynamic);
        var gateway = scene.Gateway("gw", 21).Connected();

        scene.Apply(Scene.Router("gw", 21, AddressFamily.Vpnv4));
        scene.Run(30);

        Assert.That(scene.Node.Speaker.Neighbors.Select(neighbor => neighbor.Intent.Name), Is.EqualTo(new[] { "gw" }));
        Assert.That(gateway.Peer.State, Is.EqualTo(SessionState.Established));
    }

    [Test]
    public void A_dynamic_neighbour_whose_OPEN_was_refused_rests_and_is_forgotten_then()
    {
        var scene = Start(s_dynamic);
        var gateway = scene.Gateway("gw", 21);
        gateway.Options = gateway.Options with { LocalAs = new AsNumber(65001) };

        gateway.Begin();
        scene.Run();
        Assert.That(scene.Node.Speaker.Neighbors.Single().Peer.Probation, Is.GreaterThan(TimeSpan.Zero));
        gateway.Handle(new PeerEvent.Stop(null));
        scene.Run(200);

        Assert.That(scene.Node.Speaker.Neighbors, Is.Empty);
    }

    /// <summary>Forgotten with its rest it would be taken up at once each time.</summary>
    [Test]
    public void A_dynamic_neighbour_that_loses_each_session_rests_like_others()
    {
        var scene = Start(s_dynamic);
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Crash();
        scene.Run();
        gateway.Connected().Crash();
        scene.Run();

        gateway.Begin();
        scene.Run(5);
        var early = gateway.Peer.State;
        scene.Run(10);

        Assert.That((early, gateway.Peer.State), Is.EqualTo((SessionState.Active, SessionState.Established)));
    }

    /// <summary>FRR's "bgp listen limit" counts those who are there as well.</summary>
    [Test]
    public void A_dynamic_neighbour_that_rests_holds_no_place_and_needs_one_when_it_comes_back()
    {
        var scene = Start(s_dynamic with { Limit = 1 });
        var resting = Refused(scene, 21);
        var gateway = scene.Gateway("gw", 22).Connected();

        resting.Options = gateway.Options with { LocalIdentifier = resting.Options.LocalIdentifier };
        resting.Begin();
        scene.Run(30);
        Assert.That(resting.Peer.State, Is.Not.EqualTo(SessionState.Established));
        gateway.Handle(new PeerEvent.Stop(null));
        scene.Run(30);

        Assert.That(resting.Peer.State, Is.EqualTo(SessionState.Established));
    }

    /// <summary>An address costs its owner nothing.</summary>
    [Test]
    public void No_more_dynamic_neighbours_are_remembered_than_may_be_there()
    {
        var scene = Start(s_dynamic with { Limit = 2 });
        for (byte number = 21; number < 26; number++)
        {
            Refused(scene, number);
        }

        Assert.That(
            scene.Node.Speaker.Neighbors.Select(neighbor => neighbor.Intent.Name),
            Is.EqualTo(new[] { "dynamic/192.0.2.24", "dynamic/192.0.2.25" })
        );
    }

    /// <summary>RFC 4684 section 6.</summary>
    [Test]
    public void A_speaker_that_restarts_gracefully_gets_routes_after_its_End_of_RIB_for_memberships()
    {
        var (scene, gateway) = WithMemberships(gracefulRestart: true);

        gateway.Ask(scene.TargetOf("red"));
        scene.Run(20);
        Assert.That(gateway.Heard, Has.None.Contains("10.1.0.3/32"));
        gateway.SayEndOfRib(AddressFamily.RouteTargetMembership);
        scene.Run();

        Assert.That(gateway.Heard[^2..], Is.EqualTo(new[] { "10.1.0.3/32 via 192.0.2.11", "end-of-rib vpnv4" }));
    }

    [Test]
    public void A_speaker_without_graceful_restart_gets_routes_a_second_after_its_last_membership()
    {
        var (scene, gateway) = WithMemberships(gracefulRestart: false);

        gateway.Ask(scene.TargetOf("blue"));
        scene.Run(0.8);
        gateway.Ask(scene.TargetOf("red"));
        scene.Run(0.8);
        Assert.That(gateway.Heard, Has.None.EqualTo("end-of-rib vpnv4"));
        scene.Run(1);

        Assert.That(gateway.Heard[^2..], Is.EqualTo(new[] { "10.1.0.3/32 via 192.0.2.11", "end-of-rib vpnv4" }));
    }

    /// <summary>What it asked for before it restarted is known only where it says that it has kept it (RFC 4724 section 4.2).</summary>
    [TestCase(true, Description = "its OPEN has graceful restart, without the forwarding bits")]
    [TestCase(false, Description = "its OPEN has no graceful restart any more")]
    public void A_speaker_that_returns_without_its_memberships_is_waited_for_again(bool gracefulRestart)
    {
        var (scene, gateway) = WithMemberships(gracefulRestart: true);
        gateway.Ask(scene.TargetOf("red"));
        gateway.SayEndOfRib(AddressFamily.RouteTargetMembership);
        scene.Run();
        gateway.Crash();
        scene.Run();
        gateway.Take();

        gateway.Options = gateway.Options with
        {
            GracefulRestart = gracefulRestart ? new GracefulRestartOptions { ForwardingPreserved = false } : null,
        };
        gateway.Connected();
        Assert.That(gateway.Heard, Has.None.EqualTo("end-of-rib vpnv4"));
        gateway.Ask(scene.TargetOf("red"));
        gateway.SayEndOfRib(AddressFamily.RouteTargetMembership);
        scene.Run();

        Assert.That(gateway.Heard[^2..], Is.EqualTo(new[] { "10.1.0.3/32 via 192.0.2.11", "end-of-rib vpnv4" }));
    }

    [Test]
    public void A_speaker_that_restarts_gracefully_hears_no_word_when_the_control_node_ends()
    {
        var scene = Start();
        scene.Apply(Scene.Router("gw", 21, AddressFamily.Vpnv4), Scene.Router("gw2", 22, AddressFamily.Vpnv4));
        var graceful = scene.Gateway("gw", 21).Connected();
        var plain = scene.Gateway("gw2", 22);
        plain.Options = plain.Options with { GracefulRestart = null };
        plain.Connected();

        _ = scene.Node.StopAsync();
        scene.Run(0.5);

        Assert.That(graceful.Heard[^1], Is.EqualTo("down: closed by the peer"));
        Assert.That(plain.Heard[^1], Does.Contain("administrative shutdown").IgnoreCase);
    }

    /// <summary>RFC 4271 section 9.2: the former route must not stay.</summary>
    [Test]
    public void A_route_that_no_longer_fits_a_message_is_withdrawn()
    {
        var scene = Start();
        scene.Apply(
            Scene.Router("gw", 21, AddressFamily.Vpnv4) with
            {
                RouteReflectorClient = true,
            },
            Scene.Router("gw2", 22, AddressFamily.Vpnv4)
        );
        var source = scene.Gateway("gw", 21).Connected();
        var receiver = scene.Gateway("gw2", 22);
        receiver.Options = receiver.Options with { ExtendedMessages = false };
        receiver.Connected();
        source.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();
        Assert.That(receiver.Heard[^1], Is.EqualTo("203.0.113.0/24 via 192.0.2.21"));

        source.Announce(scene.TargetOf("red"), communities: 1100, "203.0.113.0/24");
        scene.Run();

        Assert.That(receiver.Heard[^1], Is.EqualTo("203.0.113.0/24 gone"));
    }

    private static (Scene Scene, GatewayPlayer Gateway) WithMemberships(bool gracefulRestart)
    {
        var scene = Start();
        AddressFamily[] families = [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership];
        scene.Apply(Scene.Router("gw", 21, families));
        var host1 = scene.Agent("host1", 11).Connected();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        host1.Publish(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();
        var gateway = scene.Gateway("gw", 21, families);
        gateway.Options = gracefulRestart ? gateway.Options : gateway.Options with { GracefulRestart = null };
        return (scene, gateway.Connected());
    }

    /// <summary>A speaker whose AS number was not taken, which does not try again by itself.</summary>
    private static GatewayPlayer Refused(Scene scene, byte last)
    {
        var gateway = scene.Gateway($"gw{last}", last);
        gateway.Options = gateway.Options with { LocalAs = new AsNumber(65001) };
        gateway.Begin();
        scene.Run();
        gateway.Handle(new PeerEvent.Stop(null));
        scene.Run();
        return gateway;
    }

    private static Scene Start(params DynamicNeighborOptions[] dynamicNeighbors)
    {
        var scene = new Scene(dynamicNeighbors: dynamicNeighbors);
        scene.Run();
        scene.Apply(Scene.TwoNetworks);
        return scene;
    }
}
