using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests.Policies;

internal sealed class ExportRulesTests
{
    private static readonly PeerDefinition s_external = Policy.Peer(PeerKind.ExternalBgp);
    private static readonly PeerDefinition s_internal = Policy.Peer(PeerKind.InternalBgp, 64512);
    private static readonly PeerDefinition s_client = s_internal with { IsRouteReflectorClient = true };
    private static readonly PathAttributes s_attributes = Path("65002 65001");

    private static PathAttributes Path(string path) => new() { NextHop = IpAddress.Parse("203.0.113.9"), AsPath = Policy.Path(path) };

    private static BgpExport To(PeerDefinition peer) => new(Policy.Options, peer, isMembership: false);

    private static PathAttributes Exported(
        PeerDefinition peer,
        PathAttributes attributes,
        PolicyRoute? route = null,
        PeerDefinition? from = null
    ) => To(peer).Export(attributes, from ?? s_client, false, route ?? Policy.Vpn).Attributes;

    private static string PathTo(PeerDefinition peer, string path) => Exported(peer, Path(path)).AsPath.ToString();

    // RFC 1997 and, from one internal peer to another, RFC 4456 section 6.
    [TestCase(PeerKind.ExternalBgp, null, ExpectedResult = true)]
    [TestCase(PeerKind.ExternalBgp, "no-export", ExpectedResult = false)]
    [TestCase(PeerKind.ExternalBgp, "no-export-subconfed", ExpectedResult = false)]
    [TestCase(PeerKind.ExternalBgp, "no-advertise", ExpectedResult = false)]
    [TestCase(PeerKind.InternalBgp, "no-export", ExpectedResult = true)]
    [TestCase(PeerKind.InternalBgp, "no-export-subconfed", ExpectedResult = true)]
    [TestCase(PeerKind.InternalBgp, "no-advertise", ExpectedResult = false)]
    public bool A_well_known_community_ends_at_its_border(PeerKind kind, string? community) =>
        To(s_external with { Kind = kind })
            .MayAdvertise(s_attributes with { Communities = community is null ? [] : Policy.Communities(community) }, s_client, false);

    // RFC 9494 section 4.3.
    [TestCase(PeerKind.ExternalBgp, true, ExpectedResult = true)]
    [TestCase(PeerKind.ExternalBgp, false, ExpectedResult = false)]
    [TestCase(PeerKind.InternalBgp, true, ExpectedResult = true)]
    [TestCase(PeerKind.InternalBgp, false, ExpectedResult = true)]
    public bool A_stale_path_stays_with_those_that_know_of_it(PeerKind kind, bool knows)
    {
        var peer = s_external with { Kind = kind, KnowsLongLivedStale = knows };
        var marked = s_attributes with { Communities = Policy.Communities("llgr-stale") };

        var mayHaveMarked = To(peer).MayAdvertise(marked, s_client, false);

        Assert.That(To(peer).MayAdvertise(s_attributes, s_client, true), Is.EqualTo(mayHaveMarked));
        return mayHaveMarked;
    }

    [Test]
    public void A_stale_path_is_a_last_resort_for_internal_peers_that_do_not_know_of_it()
    {
        var exported = To(s_internal).Export(s_attributes, s_client, isLongLivedStale: true, Policy.Vpn).Attributes;

        Assert.That(exported.LocalPref, Is.Zero);
        Assert.That(exported.Communities, Is.EqualTo(Policy.Communities("llgr-stale", "no-export")));
    }

    [TestCase(true, ExpectedResult = false)]
    [TestCase(false, ExpectedResult = true)]
    public bool A_path_with_the_peers_AS_need_not_be_sent(bool checks) =>
        To(s_external with { ChecksLoopsOnSending = checks }).MayAdvertise(s_attributes, s_client, false);

    [Test]
    public void A_path_that_as_override_rids_of_the_peers_AS_passes_the_check_for_loops() =>
        Assert.That(
            To(s_external with { ChecksLoopsOnSending = true, OverridesAs = true }).MayAdvertise(s_attributes, s_client, false),
            Is.True
        );

    [Test]
    public void Without_a_policy_where_one_is_required_nothing_is_sent()
    {
        var requiring = s_external with { RequiresPolicy = true };

        Assert.That(To(requiring).MayAdvertise(s_attributes, s_client, false), Is.False);
        Assert.That(To(requiring with { ExportPolicies = [Policy.Of()] }).MayAdvertise(s_attributes, s_client, false), Is.True);
    }

    // RFC 7705 section 3: the own AS is 64512, the one for the session 65100.
    [TestCase(null, false, "64512 65002")]
    [TestCase(65100u, false, "65100 64512 65002")]
    [TestCase(65100u, true, "65100 65002")]
    [TestCase(64512u, false, "64512 65002")]
    public void The_peer_sees_the_local_AS_of_the_session(uint? localAs, bool replaces, string expected)
    {
        var peer = s_external with { LocalAs = localAs is { } number ? new AsNumber(number) : null, ReplacesAs = replaces };

        Assert.That(PathTo(peer, "65002"), Is.EqualTo(expected));
    }

    [TestCase("65001", "64512 64512")]
    [TestCase("65002 65001 65001", "64512 65002 64512 64512")]
    [TestCase("65002", "64512 65002")]
    public void The_peers_AS_is_overridden_by_the_local_one(string path, string expected) =>
        Assert.That(PathTo(s_external with { OverridesAs = true }, path), Is.EqualTo(expected));

    // RFC 6996: 64512-65534 and 4200000000-4294967294 are private. The peer is AS 65001.
    [TestCase(PrivateAsRemoval.None, "1 65002", "64512 1 65002")]
    [TestCase(PrivateAsRemoval.Remove, "64512 1 65534 2 65535", "64512 1 2 65535")]
    [TestCase(PrivateAsRemoval.Remove, "64511 4199999999 4200000000 4294967294 4294967295", "64512 64511 4199999999 4294967295")]
    [TestCase(PrivateAsRemoval.Remove, "65002 {65003} 65001", "64512 65001")]
    [TestCase(PrivateAsRemoval.Replace, "65002 1 {65003,3} 65001", "64512 64512 1 {64512,3} 65001")]
    public void Private_numbers_are_left_out_or_replaced(PrivateAsRemoval removal, string path, string expected) =>
        Assert.That(PathTo(s_external with { PrivateAsRemoval = removal }, path), Is.EqualTo(expected));

    [Test]
    public void What_a_policy_prepends_is_not_taken_out_as_private()
    {
        var peer = s_external with
        {
            PrivateAsRemoval = PrivateAsRemoval.Remove,
            ExportPolicies = [Policy.Doing(new PolicyAction.PrependAs(null, 2))],
        };

        Assert.That(PathTo(peer, "1 65002"), Is.EqualTo("64512 64512 64512 1"));
    }

    private const string Own = "192.0.2.1";
    private const string Given = "203.0.113.9";

    [TestCase(PeerKind.ExternalBgp, NextHopRule.Default, "ipv4", Own)]
    [TestCase(PeerKind.ExternalBgp, NextHopRule.Unchanged, "ipv4", Given)]
    [TestCase(PeerKind.ExternalBgp, NextHopRule.Default, "vpnv4", Given)]
    [TestCase(PeerKind.ExternalBgp, NextHopRule.Self, "vpnv4", Given)]
    [TestCase(PeerKind.InternalBgp, NextHopRule.Self, "vpnv6", Given)]
    [TestCase(PeerKind.InternalBgp, NextHopRule.Self, "ipv4-labelled", Given)]
    [TestCase(PeerKind.InternalBgp, NextHopRule.Self, "ipv6-labelled", Given)]
    [TestCase(PeerKind.InternalBgp, NextHopRule.Self, "evpn", Given)]
    [TestCase(PeerKind.InternalBgp, NextHopRule.Default, "ipv4", Given)]
    [TestCase(PeerKind.InternalBgp, NextHopRule.Self, "ipv4", Own)]
    [TestCase(PeerKind.InternalBgp, NextHopRule.Default, "vpnv4", Given)]
    public void The_next_hop_follows_the_peers_rule(PeerKind kind, NextHopRule rule, string family, string expected)
    {
        Assert.That(AddressFamily.TryParse(family, out var parsed), Is.True);

        var exported = Exported(s_external with { Kind = kind, NextHop = rule }, s_attributes, Policy.Route("10.1.0.0/16", parsed));

        Assert.That(exported.NextHop, Is.EqualTo(IpAddress.Parse(expected)));
    }

    // RFC 8277 section 3.2.2: this node has given no label.
    [TestCase("ipv4", Own)]
    [TestCase("ipv4-labelled", Given)]
    [TestCase("vpnv4", Given)]
    [TestCase("evpn", Given)]
    public void A_policy_gives_no_route_with_a_label_this_nodes_address(string family, string expected)
    {
        Assert.That(AddressFamily.TryParse(family, out var parsed), Is.True);
        EquatableArray<RoutePolicy> policies = [Policy.Doing(new PolicyAction.SetNextHopSelf())];
        var route = Policy.Route("10.1.0.0/16", parsed);

        var exported = Exported(s_internal with { ExportPolicies = policies }, s_attributes, route);
        var imported = new ImportRules(Policy.Options, s_internal with { ImportPolicies = policies }).Judge(s_attributes, route).Attributes;

        Assert.That((exported.NextHop, imported.NextHop), Is.EqualTo((IpAddress.Parse(expected), IpAddress.Parse(expected))));
    }

    [TestCaseSource(nameof(s_nextHops))]
    public void A_policy_has_the_last_word_on_the_next_hop(NextHopRule rule, PolicyAction action, string expected)
    {
        var peer = s_external with { NextHop = rule, ExportPolicies = [Policy.Doing(action)] };

        Assert.That(Exported(peer, s_attributes, Policy.Unicast).NextHop, Is.EqualTo(IpAddress.Parse(expected)));
    }

    private static readonly object[][] s_nextHops =
    [
        [NextHopRule.Self, new PolicyAction.KeepNextHop(), Given],
        [NextHopRule.Self, new PolicyAction.SetNextHop(IpAddress.Parse("198.51.100.1")), "198.51.100.1"],
        [NextHopRule.Unchanged, new PolicyAction.SetNextHopSelf(), Own],
    ];

    [Test]
    public void The_session_may_have_a_local_address_of_its_own() =>
        Assert.That(
            Exported(s_external with { LocalAddress = IpAddress.Parse("198.51.100.7") }, s_attributes, Policy.Unicast).NextHop,
            Is.EqualTo(IpAddress.Parse("198.51.100.7"))
        );

    // RFC 2545 section 3.
    [TestCase("ipv6", false, "2001:db8::1")]
    [TestCase("ipv6", true, "2001:db8::1")]
    [TestCase("ipv4", false, Own)]
    [TestCase("ipv4", true, Own)]
    [TestCase("vpnv6", false, Given)]
    [TestCase("vpnv6", true, Given)]
    public void IPv6_routes_on_a_session_over_IPv4_have_a_next_hop_of_their_own(string family, bool byPolicy, string expected)
    {
        Assert.That(AddressFamily.TryParse(family, out var parsed), Is.True);
        var options = Policy.Options with { Ipv6NextHop = IpAddress.Parse("2001:db8::1") };
        var peer = byPolicy
            ? s_external with
            {
                ExportPolicies = [Policy.Doing(new PolicyAction.SetNextHopSelf())],
            }
            : s_external with
            {
                NextHop = NextHopRule.Self,
            };
        var export = new BgpExport(options, peer, isMembership: false);

        var exported = export.Export(s_attributes, s_client, false, Policy.Route("2001:db8:1::/48", parsed)).Attributes;

        Assert.That(exported.NextHop, Is.EqualTo(IpAddress.Parse(expected)));
    }

    // RFC 4271 section 5.1.4.
    [TestCase("65002", false, null)]
    [TestCase("65002", true, 50u)]
    [TestCase("", false, 50u)]
    public void The_MED_of_another_AS_stays_here(string path, bool passes, uint? expected) =>
        Assert.That(
            Exported(s_external with { PassesMultiExitDisc = passes }, Path(path) with { MultiExitDisc = 50 }).MultiExitDisc,
            Is.EqualTo(expected)
        );

    [Test]
    public void The_MED_that_a_policy_sets_goes_out()
    {
        var peer = s_external with { ExportPolicies = [Policy.Doing(new PolicyAction.SetMultiExitDisc(50))] };

        Assert.That(Exported(peer, s_attributes with { MultiExitDisc = 50 }).MultiExitDisc, Is.EqualTo(50));
    }

    [Test]
    public void The_preference_of_this_AS_and_its_reflection_stay_here()
    {
        var inside = s_attributes with { LocalPref = 200, OriginatorId = BgpIdentifier.Parse("192.0.2.5"), ClusterList = [9] };

        var exported = Exported(s_external, inside);

        Assert.That(
            (exported.LocalPref, exported.OriginatorId, exported.ClusterList.Count),
            Is.EqualTo(((uint?)null, (BgpIdentifier?)null, 0))
        );
    }

    [Test]
    public void Communities_that_are_not_transitive_stay_in_the_AS()
    {
        // RFC 4360 section 3.4: bit 0x40 of the type.
        var (transitive, inside) = (new ExtendedCommunity(0x0002_FC00_0000_0001), new ExtendedCommunity(0x4304_0000_0000_0000));
        var attributes = s_attributes with { ExtendedCommunities = [transitive, inside] };

        Assert.That(Exported(s_external, attributes).ExtendedCommunities, Is.EqualTo(new[] { transitive }));
        Assert.That(Exported(s_internal, attributes).ExtendedCommunities, Has.Count.EqualTo(2));
    }

    [Test]
    public void Communities_of_IPv6_addresses_that_are_not_transitive_stay_in_the_AS()
    {
        // RFC 5701 section 2: the first octet of the type.
        var transitive = Convert.FromHexString("0002" + "20010db8000000000000000000000001" + "0064");
        var inside = Convert.FromHexString("400b" + "20010db8000000000000000000000001" + "0064");
        var attributes = s_attributes with { Ipv6ExtendedCommunities = [.. inside, .. transitive] };

        Assert.That(Exported(s_external, attributes).Ipv6ExtendedCommunities, Is.EqualTo(transitive));
        Assert.That(Exported(s_internal, attributes).Ipv6ExtendedCommunities, Has.Count.EqualTo(40));
    }

    [Test]
    public void Segments_of_a_confederation_do_not_leave_it()
    {
        // RFC 5065 section 4.1: whoever is no member takes such a path for malformed.
        AsPath path = new([new(AsPathSegmentType.ConfederationSequence, [new AsNumber(65010)]), .. Policy.Path("65002").Segments]);

        Assert.That(Exported(s_external, s_attributes with { AsPath = path }).AsPath, Is.EqualTo(Policy.Path("64512 65002")));
        Assert.That(Exported(s_internal, s_attributes with { AsPath = path }).AsPath, Is.EqualTo(path));
    }

    [Test]
    public void Segment_identifiers_do_not_leave_the_AS()
    {
        // RFC 8669 section 8: a label index means something in one domain of segment routing alone.
        var attributes = s_attributes with
        {
            PrefixSid = [.. Convert.FromHexString("01000700000000000064")],
        };

        Assert.That(Exported(s_external, attributes).PrefixSid, Is.Empty);
        Assert.That(Exported(s_internal, attributes).PrefixSid, Has.Count.EqualTo(10));
    }

    [TestCase(CommunityKinds.All, 1, 1, 1)]
    [TestCase(CommunityKinds.None, 0, 0, 0)]
    [TestCase(CommunityKinds.Standard, 1, 0, 0)]
    [TestCase(CommunityKinds.Extended | CommunityKinds.Large, 0, 1, 1)]
    public void A_peer_is_sent_the_kinds_of_communities_that_it_is_to_get(CommunityKinds kinds, int standard, int extended, int large)
    {
        var attributes = s_attributes with
        {
            Communities = [1],
            ExtendedCommunities = [Fixture.Target(1).Community],
            LargeCommunities = [new LargeCommunity(1, 2, 3)],
            Ipv6ExtendedCommunities = [.. Convert.FromHexString("0002" + "20010db8000000000000000000000001" + "0064")],
        };

        var exported = Exported(s_internal with { SentCommunities = kinds }, attributes);

        Assert.That(
            (exported.Communities.Count, exported.ExtendedCommunities.Count, exported.LargeCommunities.Count),
            Is.EqualTo((standard, extended, large))
        );
        Assert.That(exported.Ipv6ExtendedCommunities, Has.Count.EqualTo(20 * extended), "RFC 5701");
    }

    // RFC 9234 section 5, egress: the local role, the attribute in the RIB, whether it is sent, the attribute on the way out.
    [TestCase(BgpRole.Provider, null, true, 64512u)]
    [TestCase(BgpRole.RouteServer, null, true, 64512u)]
    [TestCase(BgpRole.Peer, null, true, 64512u)]
    [TestCase(BgpRole.Customer, null, true, null)]
    [TestCase(BgpRole.RouteServerClient, null, true, null)]
    [TestCase(BgpRole.Provider, 65002u, true, 65002u)]
    [TestCase(BgpRole.RouteServer, 65002u, true, 65002u)]
    [TestCase(BgpRole.Peer, 65002u, false, 65002u)]
    [TestCase(BgpRole.Customer, 65002u, false, 65002u)]
    [TestCase(BgpRole.RouteServerClient, 65002u, false, 65002u)]
    [TestCase(null, 65002u, true, 65002u)]
    [TestCase(null, null, true, null)]
    public void Roles_keep_back_and_mark_what_is_for_customers_only(BgpRole? role, uint? held, bool isSent, uint? sent)
    {
        var attributes = s_attributes with { OnlyToCustomer = held is { } number ? new AsNumber(number) : null };

        var outcome = To(s_external with { LocalRole = role }).Export(attributes, s_client, false, Policy.Unicast);

        Assert.That((outcome.IsSent, outcome.Attributes.OnlyToCustomer?.Value), Is.EqualTo((isSent, sent)));
    }

    [TestCase(PeerKind.ExternalBgp, null)]
    [TestCase(PeerKind.InternalBgp, 0u)]
    public void A_session_that_is_about_to_end_says_so(PeerKind kind, uint? localPreference)
    {
        var peer = s_external with { Kind = kind, IsShuttingDownGracefully = true, SentCommunities = CommunityKinds.Extended };

        var exported = Exported(peer, s_attributes with { LocalPref = 200 });

        Assert.That(exported.LocalPref, Is.EqualTo(localPreference));
        Assert.That(exported.Communities, Is.EqualTo(Policy.Communities("graceful-shutdown")));
    }

    [Test]
    public void A_rejecting_policy_is_named()
    {
        var peer = s_internal with { ExportPolicies = [Policy.Rejecting(PolicyMatch.Everything)] };

        var outcome = To(peer).Export(s_attributes, s_client, false, Policy.Vpn);

        Assert.That((outcome.Reason, outcome.Policy, outcome.Term), Is.EqualTo((RejectReason.Policy, "policy", "reject")));
    }

    [Test]
    public void Only_a_peer_without_policy_and_options_gets_a_plain_reflection()
    {
        Assert.That(To(s_client).IsPlainReflection, Is.True);
        Assert.That(To(s_client with { NextHop = NextHopRule.Unchanged }).IsPlainReflection, Is.True);
        Assert.That(To(s_client with { NextHop = NextHopRule.Self }).IsPlainReflection, Is.False);
        Assert.That(To(s_client with { SentCommunities = CommunityKinds.Standard }).IsPlainReflection, Is.False);
        Assert.That(To(s_client with { IsShuttingDownGracefully = true }).IsPlainReflection, Is.False);
        Assert.That(To(s_client with { ExportPolicies = [Policy.Of()] }).IsPlainReflection, Is.False);
        Assert.That(To(s_external).IsPlainReflection, Is.False);
    }

    [Test]
    public void Routes_that_share_a_set_share_what_goes_out()
    {
        var match = new PolicyMatch { Prefixes = [PrefixRange.Parse("10.0.0.0/8 le 32")] };
        var byPrefix = Policy.Of(Policy.Term("t", match, Disposition.Accept, new PolicyAction.SetLocalPreference(7)));
        foreach (var peer in new[] { s_external, s_client, s_client with { ExportPolicies = [byPrefix] } })
        {
            var export = To(peer);
            var first = export.Export(s_attributes, s_client, false, Policy.Route("10.1.0.0/16", AddressFamily.Vpnv4));
            var second = export.Export(s_attributes, s_client, false, Policy.Route("10.2.0.0/16", AddressFamily.Vpnv4));

            Assert.That(second.Attributes, Is.SameAs(first.Attributes));
        }
    }

    [Test]
    public void A_policy_withdraws_what_it_comes_to_reject()
    {
        var fixture = new Fixture(clusterId: 7);
        var source = fixture.Internal("source", client: true);
        var policy = Policy.Rejecting(new() { AllCommunities = [CommunityPattern.Parse("64512:9")] });
        fixture.Names[fixture.Core.Establish(s_internal with { ExportPolicies = [policy] })] = "p";
        fixture.Held["p"] = [];
        var attributes = Fixture.Attributes("203.0.113.9", "1");

        fixture.Vpn(source, "64512:9", "10.1.0.0/16", attributes);
        Assert.That(fixture.Drain().Held["p"], Has.Count.EqualTo(1));

        fixture.Vpn(source, "64512:9", "10.1.0.0/16", attributes with { Communities = Policy.Communities("64512:9") });
        Assert.That(fixture.Drain().Held["p"], Is.Empty);
    }

    [Test]
    public void Peers_that_are_told_the_same_share_a_group()
    {
        static UpdateGroup GroupOf(Fixture fixture, PeerDefinition peer, string name) => Groups(fixture, peer with { Name = name });

        static UpdateGroup Groups(Fixture fixture, PeerDefinition peer)
        {
            var batch = new UpdateBatch();
            fixture.Core.Establish(peer);
            UpdateGroup? group = null;
            while (fixture.Core.Read(batch, 8) > 0)
            {
                group = batch.Updates[0].Receivers.Group;
            }

            return group!;
        }

        var fixture = new Fixture(clusterId: 7);
        var first = GroupOf(fixture, s_external, "a");

        // The AS of a peer shapes what it is told only with as-override and the like.
        Assert.That(GroupOf(fixture, s_external with { PeerAs = new(65002) }, "b"), Is.SameAs(first));
        var overriding = GroupOf(fixture, s_external with { OverridesAs = true }, "c");
        Assert.That(overriding, Is.Not.SameAs(first));
        Assert.That(GroupOf(fixture, s_external with { OverridesAs = true, PeerAs = new(65002) }, "d"), Is.Not.SameAs(overriding));
        Assert.That(GroupOf(fixture, s_external with { ImportPolicies = [Policy.Of()] }, "e"), Is.SameAs(first));
        Assert.That(GroupOf(fixture, s_external with { ExportPolicies = [Policy.Of()] }, "f"), Is.Not.SameAs(first));
    }
}
