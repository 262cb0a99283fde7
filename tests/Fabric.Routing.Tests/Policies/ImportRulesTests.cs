using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests.Policies;

internal sealed class ImportRulesTests
{
    private static readonly PeerDefinition s_external = Policy.Peer(PeerKind.ExternalBgp);
    private static readonly PeerDefinition s_internal = Policy.Peer(PeerKind.InternalBgp, 64512);

    private static PathAttributes Path(string path) => new() { NextHop = IpAddress.Parse("203.0.113.9"), AsPath = Policy.Path(path) };

    private static ImportOutcome Judge(PeerDefinition peer, PathAttributes attributes, PolicyRoute? route = null) =>
        new ImportRules(Policy.Options, peer).Judge(attributes, route ?? Policy.Vpn);

    [TestCase("65001 65002", 0, ExpectedResult = RejectReason.None)]
    [TestCase("65001 64512", 0, ExpectedResult = RejectReason.AsLoop)]
    [TestCase("65001 {64512,65003}", 0, ExpectedResult = RejectReason.AsLoop)]
    [TestCase("65001 64512", 1, ExpectedResult = RejectReason.None)]
    [TestCase("65001 64512 64512", 1, ExpectedResult = RejectReason.AsLoop)]
    [TestCase("65001 64512 64512", 2, ExpectedResult = RejectReason.None)]
    public RejectReason The_own_AS_may_occur_as_often_as_allowed(string path, int allowed) =>
        Judge(s_external with { AllowedOwnAs = allowed }, Path(path)).Reason;

    [Test]
    public void The_local_AS_of_the_session_is_a_loop_too()
    {
        var peer = s_external with { LocalAs = new(65100) };

        Assert.That(Judge(peer, Path("65001 65100")).Reason, Is.EqualTo(RejectReason.AsLoop));
        Assert.That(Judge(peer, Path("65001 64512")).Reason, Is.EqualTo(RejectReason.AsLoop));
        Assert.That(Judge(s_external, Path("65001 65100")).Reason, Is.EqualTo(RejectReason.None));
    }

    [TestCase(true, "65100 65001")]
    [TestCase(false, "65001")]
    public void The_local_AS_goes_in_front_of_the_path_unless_told_not_to(bool prepends, string expected) =>
        Assert.That(
            Judge(s_external with { LocalAs = new(65100), PrependsLocalAs = prepends }, Path("65001")).Attributes.AsPath.ToString(),
            Is.EqualTo(expected)
        );

    [Test]
    public void Reflected_routes_that_come_back_are_loops()
    {
        Assert.That(
            Judge(s_internal, Path("") with { OriginatorId = BgpIdentifier.Parse("192.0.2.1") }).Reason,
            Is.EqualTo(RejectReason.OriginatorLoop)
        );
        Assert.That(Judge(s_internal, Path("") with { ClusterList = [9, 7] }).Reason, Is.EqualTo(RejectReason.ClusterLoop));
    }

    [TestCase("65001", true, ExpectedResult = RejectReason.None)]
    [TestCase("65002 65001", true, ExpectedResult = RejectReason.FirstAs)]
    [TestCase("{65001} 65002", true, ExpectedResult = RejectReason.FirstAs)]
    [TestCase("", true, ExpectedResult = RejectReason.FirstAs)]
    [TestCase("65002 65001", false, ExpectedResult = RejectReason.None)]
    public RejectReason An_external_path_begins_with_the_peers_AS(string path, bool enforces) =>
        Judge(s_external with { EnforcesFirstAs = enforces }, Path(path)).Reason;

    [Test]
    public void An_internal_path_may_begin_with_any_AS() =>
        Assert.That(Judge(s_internal, Path("65002 65001")).Reason, Is.EqualTo(RejectReason.None));

    // RFC 4271 section 6.3 a, which says nothing of who sent the path.
    [TestCase(null, ExpectedResult = RejectReason.OwnNextHop)]
    [TestCase("203.0.113.9", ExpectedResult = RejectReason.OwnNextHop)]
    [TestCase("203.0.113.8", ExpectedResult = RejectReason.None)]
    public RejectReason A_path_does_not_lead_back_here(string? localAddress)
    {
        var local = localAddress is null ? (IpAddress?)null : IpAddress.Parse(localAddress);
        var attributes = Path("65001");

        attributes = local is null ? attributes with { NextHop = Policy.Options.LocalAddress } : attributes;
        var inside = s_internal with { LocalAddress = local };
        var outcome = Judge(s_external with { LocalAddress = local }, attributes).Reason;

        var unicast = new PolicyRoute(AddressFamily.Ipv4Unicast, IpPrefix.Parse("10.0.0.0/24"));
        Assert.That(new ImportRules(Policy.Options, inside).Judge(attributes, unicast).Reason, Is.EqualTo(outcome));
        Assert.That(new ImportRules(Policy.Options, inside).JudgeTrivially(attributes, RouteTableKind.Unicast), Is.EqualTo(outcome));
        return outcome;
    }

    /// <summary>An agent and this node share a host, and another control node reflects the agent's routes: the label is the agent's.</summary>
    [Test]
    public void A_label_from_inside_is_of_the_forwarder_at_this_address()
    {
        var attributes = Path("") with { NextHop = Policy.Options.LocalAddress };
        var route = new PolicyRoute(AddressFamily.Vpnv4, IpPrefix.Parse("10.0.0.0/24"));
        var inside = new ImportRules(Policy.Options, s_internal);

        Assert.That(inside.Judge(attributes, route).Reason, Is.EqualTo(RejectReason.None));
        Assert.That(inside.JudgeTrivially(attributes, RouteTableKind.Vpn), Is.EqualTo(RejectReason.None));
        Assert.That(
            new ImportRules(Policy.Options, s_external).Judge(Path("65001") with { NextHop = attributes.NextHop }, route).Reason,
            Is.EqualTo(RejectReason.OwnNextHop)
        );
    }

    [Test]
    public void What_this_node_made_may_lead_here() =>
        Assert.That(
            new ImportRules(Policy.Options, Policy.Peer(PeerKind.Local)).JudgeTrivially(
                Path("") with
                {
                    NextHop = Policy.Options.LocalAddress,
                },
                RouteTableKind.Unicast
            ),
            Is.EqualTo(RejectReason.None)
        );

    /// <summary>A session over IPv4 has an address of its own for the next hop of IPv6 routes.</summary>
    [TestCase("2001:db8::1", ExpectedResult = RejectReason.OwnNextHop)]
    [TestCase("2001:db8::2", ExpectedResult = RejectReason.None)]
    [TestCase("::ffff:203.0.113.9", ExpectedResult = RejectReason.OwnNextHop)]
    public RejectReason An_external_path_of_IPv6_does_not_lead_back_here(string nextHop)
    {
        var options = Policy.Options with { Ipv6NextHop = IpAddress.Parse("2001:db8::1") };
        var rules = new ImportRules(options, s_external with { LocalAddress = IpAddress.Parse("203.0.113.9") });

        return rules.Judge(Path("65001") with { NextHop = IpAddress.Parse(nextHop) }, Policy.Unicast).Reason;
    }

    // RFC 2545 section 3: a link-local address stands beside a global one, and means nothing beyond its link.
    [TestCase("fe80::9", ExpectedResult = RejectReason.LinkLocalNextHop)]
    [TestCase("febf::9", ExpectedResult = RejectReason.LinkLocalNextHop)]
    [TestCase("fec0::9", ExpectedResult = RejectReason.None)]
    [TestCase("2001:db8::9", ExpectedResult = RejectReason.None)]
    public RejectReason A_path_leads_to_more_than_a_link(string nextHop)
    {
        var attributes = Path("65001") with { NextHop = IpAddress.Parse(nextHop) };
        var trivial = new ImportRules(Policy.Options, s_internal).JudgeTrivially(attributes, RouteTableKind.Unicast);
        Assert.That(Judge(s_internal, attributes).Reason, Is.EqualTo(trivial));
        return Judge(s_external, attributes).Reason;
    }

    [Test]
    public void A_policy_may_put_a_global_next_hop_in_the_place_of_a_link_local_one()
    {
        var global = IpAddress.Parse("2001:db8::9");
        var peer = s_external with { ImportPolicies = [Policy.Doing(new PolicyAction.SetNextHop(global))] };

        var outcome = Judge(peer, Path("65001") with { NextHop = IpAddress.Parse("fe80::9") });

        Assert.That((outcome.Reason, outcome.Attributes.NextHop), Is.EqualTo((RejectReason.None, global)));
    }

    [TestCase("fe80::9")]
    [TestCase("192.0.2.1")]
    public void Nobody_asks_for_the_next_hop_of_a_membership(string nextHop)
    {
        var attributes = Path("65001") with { NextHop = IpAddress.Parse(nextHop) };
        var route = new PolicyRoute(AddressFamily.RouteTargetMembership, default(IpPrefix));

        var trivial = new ImportRules(Policy.Options, s_internal).JudgeTrivially(attributes, RouteTableKind.Membership);
        var reasons = new[] { s_internal, s_external }.Select(peer =>
            new ImportRules(Policy.Options, peer).Judge(attributes, route).Reason
        );

        Assert.That(reasons.Append(trivial), Has.All.EqualTo(RejectReason.None));
    }

    [TestCase("65001 65002", ExpectedResult = RejectReason.None)]
    [TestCase("65001 65002 {65003,65004}", ExpectedResult = RejectReason.AsPathTooLong)]
    public RejectReason A_path_may_be_so_long(string path) => Judge(s_external with { MaxAsPathLength = 2 }, Path(path)).Reason;

    // RFC 9234 section 5, ingress: the local role, the attribute that came, the outcome, the attribute that is kept.
    [TestCase(BgpRole.Provider, 65001u, RejectReason.RouteLeak, 65001u)]
    [TestCase(BgpRole.RouteServer, 65001u, RejectReason.RouteLeak, 65001u)]
    [TestCase(BgpRole.Peer, 65001u, RejectReason.None, 65001u)]
    [TestCase(BgpRole.Peer, 65002u, RejectReason.RouteLeak, 65002u)]
    [TestCase(BgpRole.Customer, 65002u, RejectReason.None, 65002u)]
    [TestCase(BgpRole.RouteServerClient, 65002u, RejectReason.None, 65002u)]
    [TestCase(BgpRole.Provider, null, RejectReason.None, null)]
    [TestCase(BgpRole.RouteServer, null, RejectReason.None, null)]
    [TestCase(BgpRole.Peer, null, RejectReason.None, 65001u)]
    [TestCase(BgpRole.Customer, null, RejectReason.None, 65001u)]
    [TestCase(BgpRole.RouteServerClient, null, RejectReason.None, 65001u)]
    [TestCase(null, 65002u, RejectReason.None, 65002u)]
    public void Roles_find_and_mark_what_is_for_customers_only(BgpRole? role, uint? received, RejectReason reason, uint? kept)
    {
        var attributes = Path("65001") with { OnlyToCustomer = received is { } number ? new AsNumber(number) : null };

        var outcome = Judge(s_external with { LocalRole = role }, attributes, Policy.Unicast);

        Assert.That((outcome.Reason, outcome.Attributes.OnlyToCustomer?.Value), Is.EqualTo((reason, kept)));
    }

    [Test]
    public void Roles_say_nothing_of_other_families_than_unicast()
    {
        var attributes = Path("65001") with { OnlyToCustomer = new(65001) };

        Assert.That(Judge(s_external with { LocalRole = BgpRole.Provider }, attributes).Reason, Is.EqualTo(RejectReason.None));
        Assert.That(Judge(s_external with { LocalRole = BgpRole.Customer }, Path("65001")).Attributes.OnlyToCustomer, Is.Null);
    }

    [TestCase(PeerKind.ExternalBgp, true, 0u)]
    [TestCase(PeerKind.ExternalBgp, false, 200u)]
    [TestCase(PeerKind.InternalBgp, true, 200u)]
    public void Graceful_shutdown_has_the_last_word_on_the_local_preference_of_an_external_route(PeerKind kind, bool honors, uint expected)
    {
        var peer = s_external with
        {
            Kind = kind,
            HonorsGracefulShutdown = honors,
            ImportPolicies = [Policy.Doing(new PolicyAction.SetLocalPreference(200))],
        };

        var outcome = Judge(peer, Path("65001") with { Communities = Policy.Communities("graceful-shutdown") });

        Assert.That(outcome.Attributes.LocalPref, Is.EqualTo(expected));
    }

    [Test]
    public void A_policy_can_take_graceful_shutdown_away()
    {
        var peer = s_external with
        {
            ImportPolicies = [Policy.Doing(new PolicyAction.RemoveCommunities([CommunityPattern.Parse("graceful-shutdown")]))],
        };

        var outcome = Judge(peer, Path("65001") with { Communities = Policy.Communities("graceful-shutdown") });

        Assert.That(outcome.Attributes.LocalPref, Is.Null);
    }

    [TestCase(PeerKind.ExternalBgp, true, ExpectedResult = RejectReason.NoPolicy)]
    [TestCase(PeerKind.ExternalBgp, false, ExpectedResult = RejectReason.None)]
    [TestCase(PeerKind.InternalBgp, true, ExpectedResult = RejectReason.None)]
    public RejectReason Without_a_policy_an_external_route_needs_leave(PeerKind kind, bool requires) =>
        Judge(s_external with { Kind = kind, RequiresPolicy = requires }, Path("65001")).Reason;

    [Test]
    public void A_rejecting_policy_is_named_and_the_path_keeps_what_it_came_with()
    {
        var reject = Policy.Term("too-long", new() { AsPathLength = NumberRange.AtLeast(2) }, Disposition.Reject);
        var peer = s_external with { ImportPolicies = [Policy.Doing(new PolicyAction.SetLocalPreference(7)), Policy.Of(reject)] };
        var attributes = Path("65001 65002");

        Assert.That(Judge(peer, attributes), Is.EqualTo(new ImportOutcome(RejectReason.Policy, attributes, "policy", "too-long")));
    }

    [Test]
    public void Memberships_need_no_policy_and_pass_by_it()
    {
        var fixture = new Fixture();
        var peer = s_external with
        {
            Families = [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership],
            RequiresPolicy = true,
            PeerAs = null,
        };
        fixture.Names[fixture.Core.Establish(peer)] = "p";
        fixture.Held["p"] = [];
        fixture.Internal("reader", rtc: true);

        fixture.Want(fixture.Names.First().Key, 1);

        Assert.That(fixture.Drain().Held["reader"], Has.Count.EqualTo(1));
    }

    [Test]
    public void A_peer_without_policy_and_options_is_trivial()
    {
        bool IsTrivial(PeerDefinition peer) => new ImportRules(Policy.Options, peer).IsTrivial;

        Assert.That(IsTrivial(s_internal), Is.True);
        Assert.That(IsTrivial(s_internal with { ImportPolicies = [Policy.Of()] }), Is.False);
        Assert.That(IsTrivial(s_internal with { AllowedOwnAs = 1 }), Is.False);
        Assert.That(IsTrivial(s_external), Is.False);
    }

    [Test]
    public void A_path_that_no_rule_changes_costs_no_allocation()
    {
        var peer = s_external with { LocalRole = BgpRole.Provider, ImportPolicies = [Policy.Rejecting(new() { OriginAs = [new(1)] })] };
        var rules = new ImportRules(Policy.Options, peer);
        var sets = new[] { Path("65001"), Path("65001 65002") };
        void Run()
        {
            for (var i = 0; i < 1000; i++)
            {
                rules.Judge(sets[i & 1], Policy.Unicast);
            }
        }

        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    [Test]
    public void An_import_policy_decides_which_routes_the_RIB_uses()
    {
        var fixture = new Fixture(clusterId: 7);
        var policy = Policy.Of(
            Policy.Term(
                "ours",
                new() { Prefixes = [PrefixRange.Parse("10.1.0.0/16")] },
                Disposition.Accept,
                new PolicyAction.SetLocalPreference(7)
            ),
            Policy.Term("rest", PolicyMatch.Everything, Disposition.Reject)
        );
        var peer = fixture.Core.Establish(s_internal with { IsRouteReflectorClient = true, ImportPolicies = [policy] });
        fixture.Names[peer] = "p";
        fixture.Held["p"] = [];
        fixture.Internal("reader");

        fixture.Vpn(peer, "64512:9", "10.1.0.0/16", Fixture.Attributes("203.0.113.9", "1"));
        fixture.Vpn(peer, "64512:9", "10.2.0.0/16", Fixture.Attributes("203.0.113.9", "1"));

        Assert.That(fixture.Drain().Held["reader"].Values, Has.One.StartsWith("203.0.113.9/100 lp7 "));
        Assert.That(fixture.Held["reader"], Has.Count.EqualTo(1));
        Assert.That(fixture.Core.VpnRoutes.Select(r => r.Paths[0].Reason), Is.EquivalentTo([RejectReason.None, RejectReason.Policy]));
    }
}
