using Fabric.Bgp;
using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>Keys of a neighbour that a session comes about by, or not.</summary>
public sealed class SessionKeyTests
{
    /// <summary>RFC 9234 section 4.2: Role Mismatch, OPEN Message Error subcode 11.</summary>
    [TestCase(BgpRole.Provider, false)]
    [TestCase(BgpRole.Customer, true)]
    public void A_neighbour_whose_role_does_not_fit_is_refused(BgpRole theirs, bool isUp)
    {
        var gateway = Begun("as: 65001, role: provider", options => options with { LocalAs = new AsNumber(65001), Role = theirs });

        Assert.That(gateway.Peer.State == SessionState.Established, Is.EqualTo(isUp));
        Assert.That(gateway.Peer.LastError, isUp ? Is.Null : Does.Contain("role mismatch").IgnoreCase);
    }

    [Test]
    public void A_neighbour_that_says_no_role_is_refused_where_one_is_required()
    {
        var gateway = Begun("as: 65001, role: peer, role-strict: true", options => options with { LocalAs = new AsNumber(65001) });

        Assert.That(gateway.Peer.LastError, Does.Contain("role mismatch").IgnoreCase);
    }

    /// <summary>RFC 4271 section 6.2.</summary>
    [Test]
    public void A_neighbour_with_too_short_a_hold_time_is_refused()
    {
        var gateway = Begun("min-hold-time: 20", options => options with { HoldSeconds = 10 });

        Assert.That(gateway.Peer.LastError, Does.Contain("unacceptable hold time").IgnoreCase);
    }

    /// <summary>RFC 7705 section 3.</summary>
    [Test]
    public void A_neighbour_with_a_local_AS_sees_that_one()
    {
        var gateway = Begun("as: 65001, local-as: { number: 64999 }", options => options with { LocalAs = new AsNumber(65001) });

        Assert.That(gateway.Peer.Negotiation?.PeerAs, Is.EqualTo(new AsNumber(64999)));
    }

    [TestCase("{ quiet: 5 }", 4, 3)]
    [TestCase("{ limit: 3 }", 2, 2)]
    public void Routes_wait_for_memberships_as_long_as_the_file_says(string wait, double before, double after)
    {
        AddressFamily[] families = [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership];
        var scene = Scene.OfFile($"neighbors: [{{ name: gw, address: 192.0.2.21, passive: true, membership-wait: {wait} }}]\n");
        var gateway = scene.Gateway("gw", 21, families);
        gateway.Options = gateway.Options with { GracefulRestart = null };
        gateway.Begin();
        scene.Run(0.1);
        if (wait.Contains("quiet", StringComparison.Ordinal))
        {
            gateway.Ask(scene.TargetOf("red"));
        }

        scene.Run(before);
        Assert.That(gateway.Heard, Has.None.EqualTo("end-of-rib vpnv4"));
        scene.Run(after);

        Assert.That(gateway.Heard, Has.Some.EqualTo("end-of-rib vpnv4"));
    }

    /// <summary>RFC 4486 section 4: Maximum Number of Prefixes Reached.</summary>
    [Test]
    public void A_neighbour_above_its_limit_is_down_until_the_restart_time_is_over()
    {
        var (scene, gateway) = Limited("max-prefixes: { vpnv4: { limit: 2 } }, max-prefixes-restart: 60");

        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/25", "203.0.113.128/25");
        scene.Run();
        Assert.That(gateway.Heard, Has.None.StartsWith("down"));
        gateway.Announce(scene.TargetOf("red"), "198.51.100.0/24");
        scene.Run(50);

        Assert.That(gateway.Heard[^1], Does.Contain("maximum number of prefixes reached").IgnoreCase);
        Assert.That(scene.Routes("red").Routes, Is.Empty);
        scene.Run(120);
        Assert.That(gateway.Heard[^1], Is.EqualTo("end-of-rib vpnv4"));
    }

    [Test]
    public void A_dynamic_neighbour_above_its_limit_stays_away_as_long_and_is_forgotten_then()
    {
        var scene = Scene.OfFile(
            """
            dynamic-neighbors:
              - { prefix: 192.0.2.0/24, families: [vpnv4], max-prefixes: { vpnv4: { limit: 1 } }, max-prefixes-restart: 60 }
            """
        );
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/25", "203.0.113.128/25");

        scene.Run(50);
        Assert.That(gateway.Heard[^1], Does.Contain("maximum number of prefixes reached").IgnoreCase);
        Assert.That(scene.Node.Speaker.Neighbors.Count(), Is.EqualTo(1));
        gateway.Handle(new PeerEvent.Stop());
        scene.Run(20);

        Assert.That(scene.Node.Speaker.Neighbors, Is.Empty);
    }

    /// <summary>Without max-prefixes-restart only the operator lets it come back.</summary>
    [Test]
    public void A_dynamic_neighbour_above_its_limit_that_went_is_forgotten_when_it_is_cleared()
    {
        var scene = Scene.OfFile(
            """
            dynamic-neighbors:
              - { prefix: 192.0.2.0/24, families: [vpnv4], max-prefixes: { vpnv4: { limit: 1 } } }
            """
        );
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/25", "203.0.113.128/25");
        scene.Run();
        gateway.Handle(new PeerEvent.Stop());
        scene.Run(300);
        var remembered = scene.Node.Speaker.Neighbors.Single();

        remembered.Reset(null);
        scene.Run(300);

        Assert.That(scene.Node.Speaker.Neighbors, Is.Empty);
    }

    [Test]
    public void A_limit_that_is_put_below_what_a_neighbour_has_said_ends_the_session_and_one_above_it_lets_it_come_back()
    {
        var (scene, gateway) = Limited("max-prefixes: { vpnv4: { limit: 2 } }");
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/25", "203.0.113.128/25");
        scene.Run();

        scene.Reload(File("max-prefixes: { vpnv4: { limit: 1 } }"));
        scene.Run(300);
        Assert.That(gateway.Heard[^1], Does.Contain("maximum number of prefixes reached").IgnoreCase);
        scene.Reload(File("max-prefixes: { vpnv4: { limit: 3 } }"));
        scene.Run(300);

        Assert.That(gateway.Heard[^1], Is.EqualTo("end-of-rib vpnv4"));
    }

    private static (Scene Scene, GatewayPlayer Gateway) Limited(string keys)
    {
        var scene = Scene.OfFile(File(keys));
        return (scene, scene.Gateway("gw", 21).Connected());
    }

    private static string File(string keys) =>
        $"neighbors: [{{ name: gw, address: 192.0.2.21, families: [vpnv4], passive: true, {keys} }}]\n";

    private static GatewayPlayer Begun(string keys, Func<BgpPeerOptions, BgpPeerOptions> gatewayOptions)
    {
        var scene = Scene.OfFile(File(keys));
        var gateway = scene.Gateway("gw", 21);
        gateway.Options = gatewayOptions(gateway.Options);
        gateway.Begin();
        scene.Run();
        return gateway;
    }
}
