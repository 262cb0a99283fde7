using Fabric.Primitives;

namespace Fabric.Routing.Tests;

internal sealed class FamilyTests
{
    [Test]
    public void A_session_with_ipv4_alone_reflects_routes_with_their_attributes()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Client("p", AddressFamily.Ipv4Unicast);
        fixture.Client("q", AddressFamily.Ipv4Unicast);

        fixture.Core.Advertise(p, Fixture.Prefix("10.1.0.0/16"), Fixture.Attributes("203.0.113.1", med: 5, asPath: "65001"));

        Assert.That(
            fixture.Drain().Held["q"]["Unicast|10.1.0.0/16"],
            Is.EqualTo("203.0.113.1/0 as[65001] lp100 med5 from 192.0.2.11 via 7")
        );
        Assert.That(fixture.Held["p"], Is.Empty, "not back to its source");
        Assert.That(fixture.Messages, Has.Member("q: end ipv4"));

        fixture.Core.Withdraw(p, Fixture.Prefix("10.1.0.0/16"));
        Assert.That(fixture.Drain().Held["q"], Is.Empty);
    }

    // RFC 5065 section 5.3: the neighbouring AS is the first one outside of the confederation.
    [TestCase("65001", "(65010) 65001", RejectReason.MultiExitDisc)]
    [TestCase("(65011) 65001", "(65010) 65001", RejectReason.MultiExitDisc)]
    [TestCase("65002", "(65010) 65001", RejectReason.RouterId)]
    [TestCase("", "(65010 65011)", RejectReason.MultiExitDisc)]
    public void Metrics_are_compared_of_one_AS_in_front_of_the_confederation(string lower, string higher, RejectReason reason)
    {
        var fixture = new Fixture();
        var (p, q) = (fixture.Client("p", AddressFamily.Ipv4Unicast), fixture.Client("q", AddressFamily.Ipv4Unicast));
        var prefix = Fixture.Prefix("10.1.0.0/16");
        fixture.Core.Advertise(p, prefix, Fixture.Attributes("203.0.113.1", med: 20, asPath: higher));
        fixture.Core.Advertise(q, prefix, Fixture.Attributes("203.0.113.1", med: 10, asPath: lower));

        var paths = fixture.Core.Routes(AddressFamily.Ipv4Unicast).Single().Paths;

        Assert.That(paths[1].Reason, Is.EqualTo(reason));
    }

    [Test]
    public void A_labelled_route_keeps_next_hop_and_label_to_an_external_peer_and_an_unlabelled_one_does_not()
    {
        var fixture = new Fixture();
        AddressFamily[] both = [AddressFamily.Ipv4Unicast, AddressFamily.LabelledIpv4];
        var p = fixture.Client("p", both);
        fixture.Establish("e", PeerKind.ExternalBgp, families: both);

        fixture.Core.Advertise(p, Fixture.Prefix("10.1.0.0/16"), Fixture.Attributes("203.0.113.1"));
        fixture.Core.AdvertiseLabelled(p, Fixture.Prefix("10.1.0.0/16"), Fixture.Attributes("203.0.113.1"), new MplsLabel(77));

        string[] expected = ["Labelled|10.1.0.0/16 = 203.0.113.1/77 as[64512]", "Unicast|10.1.0.0/16 = 192.0.2.1/0 as[64512]"];
        Assert.That(fixture.Drain().Held["e"].Select(h => $"{h.Key} = {h.Value}"), Is.EqualTo(expected));

        fixture.Core.WithdrawLabelled(p, Fixture.Prefix("10.1.0.0/16"));
        Assert.That(fixture.Drain().Held["e"].Keys, Is.EqualTo(["Unicast|10.1.0.0/16"]));
    }

    [Test]
    public void A_peer_gets_only_the_families_it_has_negotiated_and_an_end_of_rib_for_each()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Client("p", AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast, AddressFamily.LabelledIpv6);
        fixture.Client("q", AddressFamily.Ipv6Unicast);
        fixture.Client("r", AddressFamily.LabelledIpv4, AddressFamily.LabelledIpv6);

        fixture.Core.Advertise(p, Fixture.Prefix("10.1.0.0/16"), Fixture.Attributes("203.0.113.1"));
        fixture.Core.Advertise(p, Fixture.Prefix("2001:db8::/32"), Fixture.Attributes("203.0.113.1"));
        fixture.Core.AdvertiseLabelled(p, Fixture.Prefix("2001:db8::/32"), Fixture.Attributes("203.0.113.1"), new MplsLabel(77));
        fixture.Drain();

        Assert.That(fixture.Held["q"].Keys, Is.EqualTo(["Unicast|2001:db8::/32"]));
        Assert.That(fixture.Held["r"].Keys, Is.EqualTo(["Labelled|2001:db8::/32"]));
        Assert.That(
            fixture.Messages.Where(m => m.Contains(": end ", StringComparison.Ordinal) && m[0] != 'p'),
            Is.EquivalentTo(["q: end ipv6", "r: end ipv4-labelled", "r: end ipv6-labelled"])
        );
    }

    [Test]
    public void Stale_routes_are_swept_and_removed_by_family()
    {
        var fixture = new Fixture();
        var p = fixture.Client("p", AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast, AddressFamily.LabelledIpv4);
        fixture.Core.Advertise(p, Fixture.Prefix("10.1.0.0/16"), Fixture.Attributes("203.0.113.1"));
        fixture.Core.Advertise(p, Fixture.Prefix("2001:db8::/32"), Fixture.Attributes("203.0.113.1"));
        fixture.Core.AdvertiseLabelled(p, Fixture.Prefix("10.1.0.0/16"), Fixture.Attributes("203.0.113.1"), new MplsLabel(77));

        fixture.Core.MarkStale(p, AddressFamily.Ipv4Unicast, AddressFamily.LabelledIpv4);
        Assert.That(fixture.Core.Routes(AddressFamily.Ipv6Unicast), Is.Empty);
        Assert.That(fixture.Core.Routes(AddressFamily.Ipv4Unicast).Single().Paths[0].IsStale, Is.True);

        fixture.Core.SweepStale(p, AddressFamily.Ipv4Unicast);
        Assert.That(fixture.Core.Routes(AddressFamily.Ipv4Unicast), Is.Empty);
        Assert.That(
            fixture.Core.FindRoute(AddressFamily.LabelledIpv4, RouteKey.Of(Fixture.Prefix("10.1.0.0/16")))?.Paths[0].Label,
            Is.EqualTo(new MplsLabel(77))
        );
    }

    [Test]
    public void Routes_without_targets_do_not_wait_for_memberships()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Client("p", AddressFamily.Ipv4Unicast);
        fixture.Establish("q", PeerKind.InternalBgp, rtc: true, families: [AddressFamily.Ipv4Unicast]);

        fixture.Core.Advertise(p, Fixture.Prefix("10.1.0.0/16"), Fixture.Attributes("203.0.113.1"));

        Assert.That(fixture.Drain().Held["q"].Keys, Is.EqualTo(["Unicast|10.1.0.0/16"]));
        Assert.That(fixture.Messages, Has.Member("q: end ipv4"));
    }

    [Test]
    public void A_refresh_sends_the_routes_of_the_family_again()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Client("p", AddressFamily.Ipv4Unicast, AddressFamily.LabelledIpv4);
        var q = fixture.Client("q", AddressFamily.Ipv4Unicast, AddressFamily.LabelledIpv4);
        fixture.Core.Advertise(p, Fixture.Prefix("10.1.0.0/16"), Fixture.Attributes("203.0.113.1"));
        fixture.Core.AdvertiseLabelled(p, Fixture.Prefix("10.1.0.0/16"), Fixture.Attributes("203.0.113.1"), new MplsLabel(77));
        fixture.Drain();
        fixture.Messages.Clear();

        fixture.Core.Refresh(q, AddressFamily.LabelledIpv4);

        Assert.That(fixture.Drain().Messages, Is.EqualTo(["q: +Labelled|10.1.0.0/16"]));
    }
}
