using Fabric.Primitives;

namespace Fabric.Routing.Tests;

internal sealed class RestartTests
{
    [Test]
    public void Nothing_flaps_when_a_restarted_peer_says_the_same_and_the_rest_is_swept()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Internal("p", client: true);
        fixture.Internal("q", client: true);
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Vpn(p, "64512:9", "10.2.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Drain();
        fixture.Messages.Clear();

        fixture.Core.MarkStale(p, AddressFamily.Vpnv4);
        var back = fixture.Establish("p", PeerKind.InternalBgp, client: true, number: 11);
        fixture.Vpn(back, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Drain();
        Assert.That(back, Is.EqualTo(p));
        Assert.That(fixture.Messages.Where(m => m.StartsWith('q')), Is.Empty);

        fixture.Core.SweepStale(p, AddressFamily.Vpnv4);
        fixture.Drain();
        Assert.That(fixture.Messages.Where(m => m.StartsWith('q')), Is.EqualTo(["q: -64512:9:10.2.0.0/16"]));
    }

    [Test]
    public void A_family_that_is_not_preserved_goes_at_once()
    {
        var fixture = new Fixture();
        var p = fixture.Internal("p");
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Vpn(p, "64512:9", "2001:db8::/32", Fixture.Attributes("203.0.113.1", "1"));

        fixture.Core.MarkStale(p, AddressFamily.Vpnv4);

        Assert.That(fixture.Core.VpnRoutes.Single().Key.ToString(), Is.EqualTo("64512:9:10.1.0.0/16"));
        Assert.That(fixture.Core.VpnRoutes.Single().Paths[0].IsStale, Is.True);
    }

    [Test]
    public void A_restarted_agent_keeps_its_routes_and_subscriptions_until_swept()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        fixture.Vrf("blue", "2");
        var (a, b) = (fixture.Agent("a"), fixture.Agent("b"));
        foreach (var vrf in new[] { "red", "blue" })
        {
            fixture.Core.Subscribe(a, vrf);
            fixture.Core.Subscribe(b, vrf);
            fixture.Publish(a, vrf, "10.1.0.5/32", "198.51.100.1");
        }

        fixture.Drain();
        fixture.Messages.Clear();
        fixture.Core.MarkStale(a, AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast);
        fixture.Establish("a", PeerKind.Agent, number: 11);
        Assert.That(fixture.Core.Subscribe(a, "red"), Is.EqualTo(SubscribeOutcome.Subscribed));
        fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1");
        Assert.That(fixture.Drain().Messages, Is.EqualTo(["a: end ipv4"]));

        fixture.Core.SweepStale(a, AddressFamily.Ipv4Unicast);
        fixture.Core.SweepStaleSubscriptions(a);
        fixture.Drain();
        Assert.That(fixture.Messages.Skip(1), Is.EqualTo(["b: -blue|10.1.0.5/32"]));
        Assert.That(fixture.Core.Vrfs.Single(v => v.Name == "blue").Subscriptions, Is.EqualTo(1));
    }

    [Test]
    public void A_long_lived_stale_path_loses_to_any_other_in_the_vrf_too()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        var (p, q) = (fixture.Internal("p"), fixture.Internal("q"));
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1", localPref: 300));
        fixture.Vpn(q, "64512:8", "10.1.0.0/16", Fixture.Attributes("203.0.113.2", "1"));

        fixture.Core.MarkStale(p, AddressFamily.Vpnv4);
        fixture.Core.MarkLongLivedStale(p, AddressFamily.Vpnv4);

        var paths = fixture.Core.VrfRoutes("red").Single().Paths;
        Assert.That(paths.Select(x => x.Source), Is.EqualTo(["q", "p"]));
        Assert.That(paths[1].Reason, Is.EqualTo(RejectReason.LongLivedStale));
    }

    // RFC 9494 section 4.2: 65535:7 is NO_LLGR.
    [Test]
    public void What_may_not_be_kept_for_long_goes_when_the_restart_time_is_over_and_what_is_said_again_stays()
    {
        var fixture = new Fixture(clusterId: 7);
        fixture.Vrf("red", "1");
        var p = fixture.Internal("p", client: true);
        fixture.Internal("q", client: true);
        var attributes = Fixture.Attributes("203.0.113.1", "1");
        var notForLong = attributes with { Communities = [0xFFFF_0007] };
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", attributes);
        fixture.Vpn(p, "64512:9", "10.2.0.0/16", notForLong);
        fixture.Vpn(p, "64512:9", "10.3.0.0/16", notForLong);
        fixture.Core.MarkStale(p, AddressFamily.Vpnv4);
        fixture.Establish("p", PeerKind.InternalBgp, client: true, number: 11);
        fixture.Vpn(p, "64512:9", "10.3.0.0/16", notForLong);
        Assert.That(
            fixture.Drain().Held["q"].Keys,
            Is.EqualTo(["64512:9:10.1.0.0/16", "64512:9:10.2.0.0/16", "64512:9:10.3.0.0/16"]),
            "until then it is a graceful restart"
        );

        fixture.Core.MarkLongLivedStale(p, AddressFamily.Vpnv4);

        Assert.That(fixture.Drain().Held["q"].Keys, Is.EqualTo(["64512:9:10.1.0.0/16", "64512:9:10.3.0.0/16"]));
        Assert.That(fixture.Core.VrfRoutes("red").Select(r => r.Key.Prefix.ToString()), Is.EquivalentTo(["10.1.0.0/16", "10.3.0.0/16"]));
    }

    [Test]
    public void All_is_released_when_peers_and_vrfs_are_gone()
    {
        var fixture = new Fixture(clusterId: 7);
        fixture.Vrf("red", "1");
        var (a, p) = (fixture.Agent("a"), fixture.Internal("p", client: true));
        fixture.Internal("q", client: true);
        fixture.Core.Subscribe(a, "red");
        fixture.Publish(a, "red", "10.1.0.5/32", "198.51.100.1");
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Drain();

        fixture.Core.Remove(a);
        fixture.Core.Remove(p);
        fixture.Core.RemoveVrf("red");
        fixture.Drain();

        var counters = fixture.Core.Counters;
        Assert.That((counters.VpnRoutes, counters.VrfRoutes, counters.Memberships), Is.EqualTo((0, 0, 0)));
        Assert.That((counters.Paths, counters.AttributeSets), Is.EqualTo((0, 0)));
    }
}
