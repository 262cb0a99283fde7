using Fabric.Primitives;

namespace Fabric.Routing.Tests;

internal sealed class MembershipTests
{
    private static readonly string[] BothFamilies = ["gateway: end vpnv4", "gateway: end vpnv6"];

    [Test]
    public void Memberships_follow_subscriptions_and_import_targets()
    {
        var fixture = new Fixture();
        fixture.Vrf("red", "1");
        fixture.Vrf("blue", "2");
        fixture.Internal("gateway", rtc: true);
        var a = fixture.Agent("a");
        Assert.That(fixture.Drain().Held["gateway"], Is.Empty);

        fixture.Core.Subscribe(a, "red");
        Assert.That(fixture.Drain().Held["gateway"].Keys, Is.EqualTo(["64512:target:64512:1/96"]));

        fixture.Vrf("red", "1 2", "1");
        Assert.That(fixture.Drain().Held["gateway"], Has.Count.EqualTo(2));

        fixture.Core.MarkStale(a, AddressFamily.Ipv4Unicast);
        Assert.That(fixture.Drain().Held["gateway"], Has.Count.EqualTo(2), "a stale subscription still counts");

        fixture.Core.Remove(a);
        Assert.That(fixture.Drain().Held["gateway"], Is.Empty);
    }

    [Test]
    public void Vpn_routes_wait_for_the_memberships_and_follow_them()
    {
        var (fixture, gateway) = GatewayThatWantsOneOfTwo();
        fixture.Drain();
        Assert.That(fixture.Held["gateway"], Is.Empty);
        Assert.That(fixture.Messages, Has.No.Member(BothFamilies[0]));

        fixture.Core.MembershipsKnown(gateway);
        fixture.Drain();
        Assert.That(fixture.Held["gateway"].Keys, Is.EqualTo(["64512:9:10.1.0.0/16"]));
        Assert.That(fixture.Messages.TakeLast(2), Is.EqualTo(BothFamilies));

        fixture.Want(gateway, 2);
        fixture.Core.Withdraw(gateway, new RouteTargetMembership(Fixture.LocalAs, Fixture.Target(1)));
        Assert.That(fixture.Drain().Held["gateway"].Keys, Is.EqualTo(["64512:9:10.2.0.0/16"]));

        fixture.Core.Advertise(gateway, RouteTargetMembership.Default, Fixture.Attributes("203.0.113.1"));
        Assert.That(fixture.Drain().Held["gateway"], Has.Count.EqualTo(2));
    }

    [Test]
    public void Who_restarted_gracefully_is_told_at_once_what_it_asked_for_before_and_loses_what_it_does_not_ask_for_again()
    {
        var (fixture, gateway) = GatewayThatWantsOneOfTwo();
        fixture.Core.MembershipsKnown(gateway);
        fixture.Drain();

        fixture.Core.MarkStale(gateway, AddressFamily.RouteTargetMembership);
        gateway = fixture.Internal("gateway", client: true, rtc: true);
        Assert.That(fixture.Core.MembershipStateOf(gateway), Is.EqualTo(MembershipState.Known));
        fixture.Drain();
        Assert.That(fixture.Held["gateway"].Keys, Is.EqualTo(["64512:9:10.1.0.0/16"]));
        Assert.That(fixture.Messages.TakeLast(2), Is.EqualTo(BothFamilies));

        fixture.Want(gateway, 2);
        fixture.Core.SweepStale(gateway, AddressFamily.RouteTargetMembership);
        Assert.That(fixture.Drain().Held["gateway"].Keys, Is.EqualTo(["64512:9:10.2.0.0/16"]));
    }

    [Test]
    public void Who_loses_its_memberships_with_its_session_is_waited_for_again()
    {
        var fixture = new Fixture(clusterId: 7);
        var gateway = fixture.Internal("gateway", client: true, rtc: true);
        fixture.Want(gateway, 1);
        fixture.Core.MembershipsKnown(gateway);

        fixture.Core.MarkStale(gateway, AddressFamily.Vpnv4);
        gateway = fixture.Internal("gateway", client: true, rtc: true);

        Assert.That(fixture.Core.MembershipStateOf(gateway), Is.EqualTo(MembershipState.Waiting));
    }

    [Test]
    public void A_membership_of_fewer_bits_matches_all_targets_that_begin_so()
    {
        var membership = new RouteTargetMembership(Fixture.LocalAs, Fixture.Target(0x100), 32 + 56);

        Assert.That(membership.Matches(Fixture.Target(0x1FF)), Is.True);
        Assert.That(membership.Matches(Fixture.Target(0x200)), Is.False);
    }

    [Test]
    public void A_client_hears_of_its_own_membership_once_another_shares_it()
    {
        var fixture = new Fixture(clusterId: 7);
        var (p, q) = (fixture.Internal("p", client: true, rtc: true), fixture.Internal("q", client: true, rtc: true));
        fixture.Want(p, 1);
        Assert.That(fixture.Drain().Held["p"], Is.Empty);
        Assert.That(fixture.Held["q"].Values, Is.EqualTo(["192.0.2.1/0 lp100 from 192.0.2.1 via 7"]));

        fixture.Want(q, 1);
        Assert.That(fixture.Drain().Held["p"], Has.Count.EqualTo(1));
    }

    [Test]
    public void Non_clients_hear_what_a_client_wants_though_another_non_client_wants_it_too()
    {
        // RFC 4684 section 3.2: the path of the non-client is the best one, and does not go to its like; the one of the client does.
        var fixture = new Fixture(clusterId: 7);
        var non = fixture.Internal("non-client", rtc: true);
        var other = fixture.Internal("other", rtc: true);
        var client = fixture.Internal("client", client: true, rtc: true);
        fixture.Want(non, 1);
        Assert.That(fixture.Drain().Held["other"], Is.Empty);

        fixture.Want(client, 1);
        fixture.Drain();
        Assert.That(fixture.Held["other"].Values, Is.EqualTo(["192.0.2.1/0 lp100 from 192.0.2.13 via 7"]));
        Assert.That(fixture.Held["non-client"], Has.Count.EqualTo(1));
        var listed = fixture.Core.AdvertisedTo(other, AddressFamily.RouteTargetMembership, isWanted: null, limit: 1).Routes;
        Assert.That(listed.Single().Source, Is.EqualTo("client"));
        Assert.That(fixture.Held["client"], Has.Count.EqualTo(1));

        fixture.Core.Withdraw(client, new RouteTargetMembership(Fixture.LocalAs, Fixture.Target(1)));
        fixture.Drain();
        Assert.That(fixture.Held["other"], Is.Empty);
        Assert.That(fixture.Held["non-client"], Is.Empty);
    }

    /// <summary>One route with each of the targets 1 and 2; the gateway has asked for the first.</summary>
    private static (Fixture Fixture, PeerId Gateway) GatewayThatWantsOneOfTwo()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Internal("p", client: true);
        fixture.Vpn(p, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.1", "1"));
        fixture.Vpn(p, "64512:9", "10.2.0.0/16", Fixture.Attributes("203.0.113.1", "2"));
        var gateway = fixture.Internal("gateway", client: true, rtc: true);
        fixture.Want(gateway, 1);
        return (fixture, gateway);
    }
}
