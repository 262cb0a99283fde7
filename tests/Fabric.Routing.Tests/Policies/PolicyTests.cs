using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests.Policies;

internal sealed class PolicyTests
{
    private static readonly PathAttributes s_attributes = new()
    {
        NextHop = IpAddress.Parse("203.0.113.9"),
        AsPath = Policy.Path("65001 65002"),
        MultiExitDisc = 50,
        Communities = Policy.Communities("64512:1", "64512:2"),
        LargeCommunities = [new LargeCommunity(64512, 1, 1)],
        ExtendedCommunities = [Fixture.Target(1).Community],
    };

    private static readonly TestCaseData[] s_conditions =
    [
        Case("prefix", new() { Prefixes = [PrefixRange.Parse("10.0.0.0/8 le 24")] }, true),
        Case("other prefix", new() { Prefixes = [PrefixRange.Parse("10.0.0.0/8 ge 17")] }, false),
        Case("rd", new() { RouteDistinguishers = [RouteDistinguisher.Parse("64512:9")] }, true),
        Case("other rd", new() { RouteDistinguishers = [RouteDistinguisher.Parse("64512:8")] }, false),
        Case("family", new() { Families = [AddressFamily.Vpnv6, AddressFamily.Vpnv4] }, true),
        Case("other family", new() { Families = [AddressFamily.Ipv4Unicast] }, false),
        Case("neighbour's name", new() { Neighbors = [new() { Name = "p" }] }, true),
        Case("neighbour's network", new() { Neighbors = [new() { Address = IpPrefix.Parse("192.0.2.0/24") }] }, true),
        Case("neighbour's AS", new() { Neighbors = [new() { AsNumber = new(65001) }] }, true),
        Case("other neighbour", new() { Neighbors = [new() { Name = "p", AsNumber = new(65009) }] }, false),
        Case("external", new() { Sources = [PeerKind.ExternalBgp] }, true),
        Case("internal or agent", new() { Sources = [PeerKind.InternalBgp, PeerKind.Agent] }, false),
        Case("any community", new() { AnyCommunity = Patterns("64512:9", "64512:1") }, true),
        Case("no such community", new() { AnyCommunity = Patterns("64512:9") }, false),
        Case("all communities", new() { AllCommunities = Patterns("64512:*", "target:64512:1", "64512:1:*") }, true),
        Case("not all communities", new() { AllCommunities = Patterns("64512:1", "64512:9") }, false),
        Case("none of the communities", new() { NoCommunities = Patterns("64513:*") }, true),
        Case("one of the forbidden", new() { NoCommunities = Patterns("64513:*", "64512:2") }, false),
        Case("path", new() { AsPaths = [AsPathPattern.Parse("_65002$")] }, true),
        Case("path length", new() { AsPathLength = NumberRange.Exactly(2) }, true),
        Case("longer path", new() { AsPathLength = NumberRange.AtLeast(3) }, false),
        Case("origin AS", new() { OriginAs = [new(65002)] }, true),
        Case("other origin AS", new() { OriginAs = [new(65001)] }, false),
        Case("neighbouring AS", new() { NeighborAs = [new(65001)] }, true),
        Case("other neighbouring AS", new() { NeighborAs = [new(65002)] }, false),
        Case("origin", new() { Origins = [Origin.Igp] }, true),
        Case("other origins", new() { Origins = [Origin.Egp, Origin.Incomplete] }, false),
        Case("next hop", new() { NextHops = [IpPrefix.Parse("203.0.113.0/24")] }, true),
        Case("other next hop", new() { NextHops = [IpPrefix.Parse("203.0.112.0/24")] }, false),
        Case("local preference by default", new() { LocalPreference = NumberRange.Exactly(100) }, true),
        Case("lower local preference", new() { LocalPreference = NumberRange.AtMost(99) }, false),
        Case("MED", new() { MultiExitDisc = new(50, 60) }, true),
        Case("higher MED", new() { MultiExitDisc = NumberRange.AtLeast(51) }, false),
        Case("two conditions", new() { MultiExitDisc = NumberRange.Exactly(50), Origins = [Origin.Egp] }, false),
    ];

    private static TestCaseData Case(string name, PolicyMatch match, bool fits) => new TestCaseData(match, fits).SetArgDisplayNames(name);

    private static EquatableArray<CommunityPattern> Patterns(params string[] texts) => [.. texts.Select(CommunityPattern.Parse)];

    [TestCaseSource(nameof(s_conditions))]
    public void A_term_asks_for(PolicyMatch match, bool fits) =>
        Assert.That(
            Policy.Compile(Policy.Rejecting(match)).Evaluate(s_attributes, Policy.Source, Policy.Vpn).IsAccepted,
            Is.EqualTo(!fits)
        );

    private static readonly TestCaseData[] s_actions =
    [
        Action(new PolicyAction.SetLocalPreference(7), s_attributes with { LocalPref = 7 }),
        Action(new PolicyAction.SetMultiExitDisc(7), s_attributes with { MultiExitDisc = 7 }),
        Action(new PolicyAction.AddMultiExitDisc(7), s_attributes with { MultiExitDisc = 57 }),
        Action(new PolicyAction.AddMultiExitDisc(uint.MaxValue), s_attributes with { MultiExitDisc = uint.MaxValue }),
        Action(new PolicyAction.SubtractMultiExitDisc(7), s_attributes with { MultiExitDisc = 43 }),
        Action(new PolicyAction.SubtractMultiExitDisc(70), s_attributes with { MultiExitDisc = 0 }),
        Action(new PolicyAction.PrependAs(new(65009), 2), s_attributes with { AsPath = Policy.Path("65009 65009 65001 65002") }),
        Action(new PolicyAction.PrependAs(null, 1), s_attributes with { AsPath = Policy.Path("64512 65001 65002") }),
        Action(new PolicyAction.SetOrigin(Origin.Egp), s_attributes with { Origin = Origin.Egp }),
        Action(
            new PolicyAction.SetNextHop(IpAddress.Parse("198.51.100.1")),
            s_attributes with
            {
                NextHop = IpAddress.Parse("198.51.100.1"),
            }
        ),
        Action(new PolicyAction.SetNextHopSelf(), s_attributes with { NextHop = IpAddress.Parse("192.0.2.1") }),
        Action(
            new PolicyAction.AddCommunities([Community.Parse("64512:0"), Community.Parse("64512:2"), Community.Parse("64512:0:0")]),
            s_attributes with
            {
                Communities = Policy.Communities("64512:0", "64512:1", "64512:2"),
                LargeCommunities = [new LargeCommunity(64512, 0, 0), new LargeCommunity(64512, 1, 1)],
            }
        ),
        Action(
            new PolicyAction.AddCommunities([Community.Parse("target:64512:2")]),
            s_attributes with
            {
                ExtendedCommunities = [Fixture.Target(1).Community, Fixture.Target(2).Community],
            }
        ),
        Action(
            new PolicyAction.SetCommunities(CommunityKinds.Standard, [Community.Parse("64512:9")]),
            s_attributes with
            {
                Communities = Policy.Communities("64512:9"),
            }
        ),
        Action(new PolicyAction.SetCommunities(CommunityKinds.Large, []), s_attributes with { LargeCommunities = [] }),
        Action(
            new PolicyAction.RemoveCommunities(Patterns("64512:2", "target:*", "*:*:*")),
            s_attributes with
            {
                Communities = Policy.Communities("64512:1"),
                LargeCommunities = [],
                ExtendedCommunities = [],
            }
        ),
    ];

    private static TestCaseData Action(PolicyAction action, PathAttributes expected) =>
        new TestCaseData(action, expected).SetArgDisplayNames(action.ToString());

    [TestCaseSource(nameof(s_actions))]
    public void An_action_changes(PolicyAction action, PathAttributes expected) =>
        Assert.That(
            Policy.Compile(Policy.Doing(action)).Evaluate(s_attributes, Policy.Source, Policy.Unicast).Attributes,
            Is.EqualTo(expected)
        );

    private static readonly PolicyAction[] s_idle =
    [
        new PolicyAction.SetMultiExitDisc(50),
        new PolicyAction.AddMultiExitDisc(0),
        new PolicyAction.PrependAs(null, 0),
        new PolicyAction.SetOrigin(Origin.Igp),
        new PolicyAction.SetNextHop(IpAddress.Parse("203.0.113.9")),
        new PolicyAction.KeepNextHop(),
        new PolicyAction.AddCommunities([Community.Parse("64512:1")]),
        new PolicyAction.SetCommunities(CommunityKinds.Standard, [Community.Parse("64512:2"), Community.Parse("64512:1")]),
        new PolicyAction.RemoveCommunities([CommunityPattern.Parse("64513:*")]),
    ];

    [TestCaseSource(nameof(s_idle))]
    public void What_would_not_change_stays_the_same_instance(PolicyAction action) =>
        Assert.That(
            Policy.Compile(Policy.Doing(action)).Evaluate(s_attributes, Policy.Source, Policy.Vpn).Attributes,
            Is.SameAs(s_attributes)
        );

    [Test]
    public void Later_terms_see_what_earlier_ones_have_changed()
    {
        var policy = Policy.Of(
            Policy.Term("tag", PolicyMatch.Everything, Disposition.NextTerm, new PolicyAction.SetLocalPreference(7)),
            Policy.Term("drop", new PolicyMatch { LocalPreference = NumberRange.Exactly(7) }, Disposition.Reject)
        );

        var outcome = Policy.Compile(policy).Evaluate(s_attributes, Policy.Source, Policy.Vpn);

        Assert.That((outcome.IsAccepted, outcome.Policy, outcome.Term), Is.EqualTo((false, "policy", "drop")));
    }

    [Test]
    public void Next_policy_skips_the_rest_of_a_policy_and_the_end_of_the_chain_accepts()
    {
        var first = Policy.Of(
            Policy.Term("leave", PolicyMatch.Everything, Disposition.NextPolicy),
            Policy.Term("drop", PolicyMatch.Everything, Disposition.Reject)
        );
        var second = Policy.Doing(new PolicyAction.SetLocalPreference(8));

        var outcome = Policy.Compile(first, second).Evaluate(s_attributes, Policy.Source, Policy.Vpn);

        Assert.That((outcome.IsAccepted, outcome.Attributes.LocalPref, outcome.Term), Is.EqualTo((true, 8, (string?)null)));
    }

    [Test]
    public void Equal_definitions_are_equal()
    {
        static RoutePolicy Make() =>
            Policy.Of(
                Policy.Term(
                    "t",
                    new PolicyMatch { Prefixes = [PrefixRange.Parse("10.0.0.0/8")] },
                    Disposition.Accept,
                    new PolicyAction.AddCommunities([Community.Parse("1:2")])
                )
            );

        var (first, second) = (Make(), Make());

        Assert.That(second, Is.EqualTo(first));
        Assert.That(second.GetHashCode(), Is.EqualTo(first.GetHashCode()));
    }

    [Test]
    public void Only_what_looks_at_the_prefix_depends_on_it()
    {
        var byPrefix = Policy.Rejecting(new PolicyMatch { Prefixes = [PrefixRange.Parse("10.0.0.0/8")] });
        var byRd = Policy.Rejecting(new PolicyMatch { RouteDistinguishers = [RouteDistinguisher.Parse("1:1")] });
        var byFamily = Policy.Rejecting(new PolicyMatch { Families = [AddressFamily.Vpnv4] });

        Assert.That(
            new[] { byPrefix, byRd, byFamily }.Select(p => Policy.Compile(p).DependsOnPrefix),
            Is.EqualTo(new[] { true, true, false })
        );
    }

    [Test]
    public void Routes_that_share_a_set_share_what_it_becomes()
    {
        var match = new PolicyMatch { Prefixes = [PrefixRange.Parse("10.0.0.0/8 le 32")] };
        foreach (var policy in new[] { PolicyMatch.Everything, match })
        {
            var compiled = Policy.Compile(Policy.Of(Policy.Term("t", policy, Disposition.Accept, new PolicyAction.SetLocalPreference(7))));

            var first = compiled.Evaluate(s_attributes, Policy.Source, Policy.Route("10.1.0.0/16", AddressFamily.Vpnv4));
            var second = compiled.Evaluate(s_attributes, Policy.Source, Policy.Route("10.2.0.0/16", AddressFamily.Vpnv4));

            Assert.That(second.Attributes, Is.SameAs(first.Attributes));
        }
    }

    [Test]
    public void A_route_that_is_not_changed_costs_no_allocation()
    {
        var match = new PolicyMatch
        {
            Prefixes = [PrefixRange.Parse("10.0.0.0/8 le 32")],
            AsPaths = [AsPathPattern.Parse("_65002$")],
            AnyCommunity = Patterns("64512:*"),
            AllCommunities = Patterns("target:*", "64512:*:*"),
            Neighbors = [new() { AsNumber = new(65001) }],
            OriginAs = [new(65002)],
            Sources = [PeerKind.ExternalBgp],
        };
        var compiled = Policy.Compile(Policy.Of([.. Enumerable.Repeat(Policy.Term("t", match, Disposition.NextTerm, s_idle), 3)]));
        var sets = new[] { s_attributes, s_attributes with { AsPath = Policy.Path("65001 {65003} 65002") } };
        var routes = new[] { Policy.Vpn, Policy.Route("10.2.0.0/16", AddressFamily.Vpnv4) };

        void Run()
        {
            for (var i = 0; i < 1000; i++)
            {
                compiled.Evaluate(sets[i & 1], Policy.Source, routes[i >> 1 & 1]);
            }
        }

        Run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
