using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

internal sealed class EvpnTests
{
    private static readonly RouteDistinguisher Rd = Fixture.Rd("64512:1");
    private static readonly EthernetSegmentId Segment = EthernetSegmentId.Read(Convert.FromHexString("00112233445566778899"));
    private static readonly MacAddress Mac = new(0x0200_0000_0001);

    private static readonly EvpnKey[] Keys =
    [
        EvpnKey.EthernetAutoDiscovery(Rd, Segment, 7),
        EvpnKey.MacIp(Rd, 7, Mac, default),
        EvpnKey.MacIp(Rd, 7, Mac, IpAddress.Parse("10.1.0.5")),
        EvpnKey.MacIp(Rd, 7, Mac, IpAddress.Parse("2001:db8::5")),
        EvpnKey.InclusiveMulticast(Rd, 7, IpAddress.Parse("198.51.100.1")),
        EvpnKey.InclusiveMulticast(Rd, 7, IpAddress.Parse("2001:db8::5")),
        EvpnKey.EthernetSegment(Rd, Segment, IpAddress.Parse("198.51.100.1")),
        EvpnKey.EthernetSegment(Rd, Segment, IpAddress.Parse("2001:db8::6")),
        EvpnKey.IpPrefix(Rd, 7, Fixture.Prefix("10.1.0.0/16")),
        EvpnKey.IpPrefix(Rd, 7, Fixture.Prefix("2001:db8::/32")),
    ];

    [TestCaseSource(nameof(Keys))]
    public void A_route_of_each_type_is_held_reflected_and_withdrawn_as_it_came(EvpnKey key)
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Client("p", AddressFamily.L2VpnEvpn);
        fixture.Client("q", AddressFamily.L2VpnEvpn);
        var segment = key.Type == EvpnRouteType.IpPrefixRoute ? EthernetSegmentId.SingleHomed : Segment;
        var data = new EvpnData(0x641, segment, secondLabel: 0x642, gateway: IpAddress.Parse("10.1.0.1"));

        fixture.Core.Advertise(p, new EvpnNlri(key, data), Fixture.Attributes("203.0.113.1", "1"));

        Assert.That(
            fixture.Drain().Held["q"][key.ToString()],
            Is.EqualTo($"203.0.113.1/0 lp100 from 192.0.2.11 via 7 target:64512:1 {data}")
        );
        Assert.That(fixture.Core.Routes(AddressFamily.L2VpnEvpn).Single().Evpn, Is.EqualTo(key));
        Assert.That(fixture.Core.FindRoute(key)?.Paths[0].Evpn, Is.EqualTo(data));

        fixture.Core.Withdraw(p, key);
        Assert.That(fixture.Drain().Held["q"], Is.Empty);
        Assert.That(fixture.Core.FindRoute(key), Is.Null);
    }

    // RFC 9136 section 3.1: label, segment, gateway, a router's MAC address; whether packets can be sent by it.
    [TestCase(0x641u, false, false, false, ExpectedResult = true)]
    [TestCase(0x641u, true, false, false, ExpectedResult = true)]
    [TestCase(0u, true, false, false, ExpectedResult = true)]
    [TestCase(0u, false, true, false, ExpectedResult = true)]
    [TestCase(0u, false, false, true, ExpectedResult = true)]
    [TestCase(0u, false, false, false, ExpectedResult = false)]
    [TestCase(0x641u, true, true, false, ExpectedResult = false)]
    public bool A_prefix_that_leads_nowhere_or_to_two_places_is_treated_as_withdrawn(uint label, bool segment, bool gateway, bool mac)
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Client("p", AddressFamily.L2VpnEvpn);
        var key = Keys[^1];
        var attributes = Fixture.Attributes("203.0.113.1", "1");
        fixture.Core.Advertise(p, new EvpnNlri(key, new EvpnData(0x999)), attributes);
        var data = new EvpnData(
            label,
            segment ? Segment : EthernetSegmentId.SingleHomed,
            gateway: gateway ? IpAddress.Parse("2001:db8::1") : default
        );

        // A router's MAC address is an extended community of type 6 and subtype 3 (RFC 9135 section 8.1).
        fixture.Core.Advertise(
            p,
            new EvpnNlri(key, data),
            mac ? attributes.WithExtendedCommunities([new ExtendedCommunity(0x0603_0200_0000_0001)]) : attributes
        );

        var held = fixture.Core.FindRoute(key)?.Paths[0].Evpn;
        Assert.That(held, Is.Null.Or.EqualTo(data));
        return held is not null;
    }

    [Test]
    public void A_changed_label_is_told_and_an_equal_route_is_not()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Client("p", AddressFamily.L2VpnEvpn);
        fixture.Client("q", AddressFamily.L2VpnEvpn);
        var attributes = Fixture.Attributes("203.0.113.1", "1");
        foreach (
            var data in new[] { new EvpnData(1), new EvpnData(1), new EvpnData(1, Segment), new EvpnData(1, Segment), new EvpnData(2) }
        )
        {
            fixture.Core.Advertise(p, new EvpnNlri(Keys[2], data), attributes);
            fixture.Drain();
        }

        Assert.That(fixture.Messages.Count(m => m.StartsWith("q: +", StringComparison.Ordinal)), Is.EqualTo(3));
    }

    [Test]
    public void A_type_that_is_not_known_is_left_out()
    {
        var fixture = new Fixture();
        var p = fixture.Client("p", AddressFamily.L2VpnEvpn);
        byte[] unknown = [11, 2, 1, 2];

        fixture.Core.Advertise(p, EvpnNlri.Read(unknown, AddressFamily.L2VpnEvpn), Fixture.Attributes("203.0.113.1", "1"));

        Assert.That(fixture.Core.Routes(AddressFamily.L2VpnEvpn), Is.Empty);
    }

    [Test]
    public void Routes_wait_for_memberships_and_follow_them_also_by_the_import_target_of_a_segment()
    {
        var fixture = new Fixture(clusterId: 7);
        var p = fixture.Client("p", AddressFamily.L2VpnEvpn);
        var q = fixture.Establish("q", PeerKind.InternalBgp, client: true, rtc: true, families: [AddressFamily.L2VpnEvpn]);
        var segmentImport = new ExtendedCommunity(0x0602_1122_3344_5566);
        fixture.Core.Advertise(p, new EvpnNlri(Keys[2], new EvpnData(1)), Fixture.Attributes("203.0.113.1", "1"));
        fixture.Core.Advertise(p, new EvpnNlri(Keys[4], default), Fixture.Attributes("203.0.113.1", "2"));
        fixture.Core.Advertise(
            p,
            new EvpnNlri(Keys[6], default),
            Fixture.Attributes("203.0.113.1").WithExtendedCommunities([segmentImport])
        );
        fixture.Want(q, 1);
        Assert.That(fixture.Drain().Held["q"].Keys.Intersect(Keys.Select(k => k.ToString())), Is.Empty);
        Assert.That(fixture.Messages, Has.No.Member("q: end evpn"));

        fixture.Core.MembershipsKnown(q);
        Assert.That(fixture.Drain().Held["q"].Keys.Intersect(Keys.Select(k => k.ToString())), Is.EqualTo([Keys[2].ToString()]));
        Assert.That(fixture.Messages, Has.Member("q: end evpn"));

        fixture.Core.Advertise(
            q,
            new RouteTargetMembership(Fixture.LocalAs, new RouteTarget(segmentImport.Value)),
            Fixture.Attributes("192.0.2.99")
        );
        Assert.That(
            fixture.Drain().Held["q"].Keys.Intersect(Keys.Select(k => k.ToString())),
            Is.EquivalentTo([Keys[2].ToString(), Keys[6].ToString()])
        );
    }

    [Test]
    public void A_vrf_imports_by_target_and_there_the_newest_move_of_a_MAC_address_wins_over_all_RDs()
    {
        var fixture = new Fixture();
        var (p, q) = (fixture.Client("p", AddressFamily.L2VpnEvpn), fixture.Client("q", AddressFamily.L2VpnEvpn));
        fixture.Vrf("red", "1");
        Move(p, "64512:1", 3);
        Move(q, "64512:2", 4);
        Move(q, "64512:3", 9, targets: "2");

        var route = fixture.Core.VrfEvpnRoutes("red").Single();
        Assert.That(route.Evpn, Is.EqualTo(EvpnKey.MacIp(default, 7, Mac, default)));
        Assert.That(route.Paths.Select(path => path.Source), Is.EqualTo(["q", "p"]));
        Assert.That(route.Paths[1].Reason, Is.EqualTo(RejectReason.MobilitySequence));
        Assert.That(route.Paths[0].ImportedFrom, Is.EqualTo(Fixture.Rd("64512:2")));
        Assert.That(route.Paths[0].Evpn, Is.EqualTo(new EvpnData(4)));
        Assert.That(fixture.Core.VrfRoutes("red"), Is.Empty);

        fixture.Vrf("red", "1 2");
        Assert.That(fixture.Core.VrfEvpnRoutes("red").Single().Paths, Has.Count.EqualTo(3));

        fixture.Vrf("red", "3");
        Assert.That(fixture.Core.VrfEvpnRoutes("red"), Is.Empty);

        void Move(PeerId peer, string rd, uint sequence, string targets = "1") =>
            fixture.Core.Advertise(
                peer,
                new EvpnNlri(EvpnKey.MacIp(Fixture.Rd(rd), 7, Mac, default), new EvpnData(sequence)),
                Fixture.Attributes("203.0.113.1", targets).WithExtendedCommunities([ExtendedCommunity.MacMobility(false, sequence)])
            );
    }

    // RFC 7432 section 15. A PE that says a MAC address for the first time says no sequence, which counts as zero.
    [TestCase(3u)]
    [TestCase(null)]
    public void A_MAC_address_in_two_places_with_one_sequence_is_where_the_PE_with_the_lower_address_has_it(uint? sequence)
    {
        var fixture = new Fixture();
        var (p, q) = (fixture.Client("p", AddressFamily.L2VpnEvpn), fixture.Client("q", AddressFamily.L2VpnEvpn));
        fixture.Vrf("red", "1");
        SayMac(fixture, p, "64512:1", "203.0.113.20", sequence);
        SayMac(fixture, q, "64512:2", "203.0.113.3", sequence, asPath: "65001 65002");

        var route = fixture.Core.VrfEvpnRoutes("red").Single();
        Assert.That(route.Paths.Select(path => path.Source), Is.EqualTo(["q", "p"]));
        Assert.That(route.Paths[1].Reason, Is.EqualTo(RejectReason.PeAddress));

        SayMac(fixture, p, "64512:1", "203.0.113.20", (sequence ?? 0) + 1);
        Assert.That(fixture.Core.VrfEvpnRoutes("red").Single().Paths.Select(path => path.Source), Is.EqualTo(["p", "q"]), "a later move");
    }

    [Test]
    public void The_PEs_of_one_segment_have_a_MAC_address_together_and_the_lowest_of_them_stands_for_all()
    {
        var fixture = new Fixture();
        var (p, q) = (fixture.Client("p", AddressFamily.L2VpnEvpn), fixture.Client("q", AddressFamily.L2VpnEvpn));
        var (r, s) = (fixture.Client("r", AddressFamily.L2VpnEvpn), fixture.Client("s", AddressFamily.L2VpnEvpn));
        fixture.Vrf("red", "1");
        SayMac(fixture, p, "64512:1", "203.0.113.3", 1, segment: Segment);
        SayMac(fixture, q, "64512:2", "203.0.113.2", 1);
        Assert.That(Order(), Is.EqualTo(["q best", "p PeAddress"]));

        SayMac(fixture, r, "64512:3", "203.0.113.1", 1, segment: Segment, asPath: "65001 65002");
        Assert.That(Order(), Is.EqualTo(["p best", "r AsPathLength", "q PeAddress"]));
        Assert.That(Holders(), Is.EqualTo(["203.0.113.1", "203.0.113.1", "203.0.113.2"]));

        SayMac(fixture, r, "64512:3", "203.0.113.1", 1, segment: Segment);
        Assert.That(Order(), Is.EqualTo(["p best", "r equal", "q PeAddress"]));

        SayMac(fixture, s, "64512:4", "203.0.113.0", 0, segment: Segment);
        SayMac(fixture, r, "64512:3", "203.0.113.1", 0, segment: Segment);
        Assert.That(
            Order(),
            Is.EqualTo(["q best", "p PeAddress", "r MobilitySequence", "s MobilitySequence"]),
            "of an older place nobody stands for the segment"
        );

        IEnumerable<string> Holders() => fixture.Core.VrfEvpnRoutes("red").Single().Paths.Select(path => path.Holder.ToString());

        string[] Order() =>
            [
                .. fixture
                    .Core.VrfEvpnRoutes("red")
                    .Single()
                    .Paths.Select(path => $"{path.Source} {(path.IsBest ? "best" : path.IsEqual ? "equal" : path.Reason)}"),
            ];
    }

    [Test]
    public void A_prefix_over_MPLS_that_needs_no_other_route_reaches_the_hosts_like_a_VPN_route()
    {
        var fixture = new Fixture();
        var p = fixture.Client("p", AddressFamily.L2VpnEvpn);
        var host = fixture.Agent("host");
        fixture.Vrf("red", "1");
        fixture.Core.Subscribe(host, "red");
        var mpls = Fixture.Attributes("203.0.113.1", "1");
        var vxlan = mpls.WithExtendedCommunities([ExtendedCommunity.Encapsulation(8)]);

        Say("10.1.0.0/16", new EvpnData(0x641), mpls);
        Say("2001:db8::/32", new EvpnData(0x641), mpls.WithExtendedCommunities([ExtendedCommunity.Encapsulation(13)]));
        Say("10.2.0.0/16", new EvpnData(0x641), vxlan);
        Say("10.5.0.0/16", new EvpnData(0x641), mpls with { TunnelEncapsulation = [0, 8, 0, 8, 6, 6, 0, 0, 0, 0, 0, 0] });
        Say("10.3.0.0/16", new EvpnData(0x641, gateway: IpAddress.Parse("10.3.0.1")), mpls);
        Say("10.4.0.0/16", new EvpnData(0x641, Segment), mpls);

        Assert.That(fixture.Drain().Held["host"].Keys, Is.EqualTo(["red|10.1.0.0/16", "red|2001:db8::/32"]));
        Assert.That(fixture.Held["host"]["red|10.1.0.0/16"], Is.EqualTo("203.0.113.1/100 target:64512:1"));
        Assert.That(fixture.Core.VrfEvpnRoutes("red").Count(), Is.EqualTo(6));

        Say("10.1.0.0/16", new EvpnData(0x641), vxlan);
        fixture.Core.Remove(p);
        Assert.That(fixture.Drain().Held["host"], Is.Empty);

        void Say(string prefix, EvpnData data, PathAttributes attributes) =>
            fixture.Core.Advertise(p, new EvpnNlri(EvpnKey.IpPrefix(Rd, 0, Fixture.Prefix(prefix)), data), attributes);
    }

    private static void SayMac(
        Fixture fixture,
        PeerId peer,
        string rd,
        string nextHop,
        uint? sequence,
        string asPath = "",
        EthernetSegmentId segment = default
    )
    {
        var attributes = Fixture.Attributes(nextHop, "1", asPath: asPath);
        fixture.Core.Advertise(
            peer,
            new EvpnNlri(EvpnKey.MacIp(Fixture.Rd(rd), 7, Mac, default), new EvpnData(0x641, segment)),
            sequence is { } number ? attributes.WithExtendedCommunities([ExtendedCommunity.MacMobility(false, number)]) : attributes
        );
    }
}
