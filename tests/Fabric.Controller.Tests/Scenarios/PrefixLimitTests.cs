using Fabric.Bgp;
using Fabric.Intent;
using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>RFC 4271 section 6.7: gw may advertise two VPN routes, and is let back in half a minute after it had more.</summary>
public sealed class PrefixLimitTests
{
    private static readonly RouteTarget s_target = RouteTarget.Parse("target:64512:1");

    [Test]
    public void A_speaker_above_its_limit_hears_6_1_and_comes_back_after_the_restart_time()
    {
        var scene = Limited();
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(s_target, "203.0.113.0/25", "203.0.113.128/25");
        scene.Run();
        Assert.That(gateway.Peer.State, Is.EqualTo(SessionState.Established), "the limit itself may be reached");

        gateway.Announce(s_target, "198.51.100.0/24");
        scene.Run();

        Assert.That(gateway.Heard[^1], Does.Contain("maximum number of prefixes reached"));
        Assert.That(scene.Node.Speaker.Neighbors.Single().Id, Is.Null, "its routes are gone");
        scene.Run(20);
        Assert.That(gateway.Peer.State, Is.Not.EqualTo(SessionState.Established));
        scene.Run(120);
        Assert.That(gateway.Peer.State, Is.EqualTo(SessionState.Established));
    }

    /// <summary>RFC 4724 section 4.2: what is kept from before is not what it advertises now, and goes with its End-of-RIB.</summary>
    [Test]
    public void A_speaker_that_has_restarted_may_say_as_many_others_as_its_limit_allows()
    {
        var scene = Limited();
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(s_target, "203.0.113.0/25", "203.0.113.128/25");
        scene.Run();
        gateway.Crash();
        scene.Run();

        gateway.Connected();
        gateway.Announce(s_target, "198.51.100.0/25", "198.51.100.128/25");
        scene.Run();
        Assert.That(gateway.Peer.State, Is.EqualTo(SessionState.Established));
        Assert.That(scene.Node.Routes.Core.VpnRoutes.Count(), Is.EqualTo(4));

        gateway.Announce(s_target, "203.0.113.0/25");
        scene.Run();
        Assert.That(gateway.Heard[^1], Does.Contain("maximum number of prefixes reached"));
    }

    private static Scene Limited() =>
        Scene.Of(
            new BgpNeighborIntent(
                "gw",
                IpAddress.Parse("192.0.2.21"),
                new BgpNeighborSettings
                {
                    AsNumber = new AsNumber(64512),
                    LocalAsNumber = new AsNumber(64512),
                    Families = [AddressFamily.Vpnv4],
                    Passive = true,
                    PrefixLimits = [new PrefixLimitIntent(AddressFamily.Vpnv4, 2)],
                    PrefixLimitRestart = 30,
                }
            )
        );
}
