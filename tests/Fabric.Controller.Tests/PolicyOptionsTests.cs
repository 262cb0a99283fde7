using Fabric.Controller.Options;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Tests;

/// <summary>Policies and the lists that they name, as the options file has them.</summary>
public sealed class PolicyOptionsTests
{
    [Test]
    public void A_term_has_conditions_actions_and_a_disposition()
    {
        var policy = Policy(
            """
            - name: customers
              match:
                prefixes: [10.0.0.0/8 ge 16 le 24, "2001:db8::/32"]
                route-distinguishers: ["64512:7"]
                families: [vpnv4]
                neighbors: [gw1, 192.0.2.0/24, 192.0.2.9, AS65001]
                sources: [external]
                communities: ["64512:100", "64512:1:*", "target:64512:*"]
                all-communities: [no-export]
                no-communities: ["64512:666"]
                as-paths: ["^65001_"]
                as-path-length: 1-5
                origin-as: [65002]
                neighbor-as: [65001]
                origins: [igp, incomplete]
                next-hops: [192.0.2.7]
                local-preference: 100
                med: 0-50
              set:
                local-preference: 200
                med: -10
                prepend: 3
                remove-communities: ["64512:*"]
                set-communities: [graceful-shutdown]
                add-communities: ["64512:1:2"]
                next-hop: self
                origin: egp
              then: accept
            """
        );

        var expected = new PolicyTerm("customers")
        {
            Match = new PolicyMatch
            {
                Prefixes = [PrefixRange.Parse("10.0.0.0/8 ge 16 le 24"), PrefixRange.Parse("2001:db8::/32")],
                RouteDistinguishers = [RouteDistinguisher.Parse("64512:7")],
                Families = [AddressFamily.Vpnv4],
                Neighbors =
                [
                    new NeighborMatch { Name = "bgp:gw1" },
                    new NeighborMatch { Address = IpPrefix.Parse("192.0.2.0/24") },
                    new NeighborMatch { Address = IpPrefix.Parse("192.0.2.9/32") },
                    new NeighborMatch { AsNumber = new AsNumber(65001) },
                ],
                Sources = [PeerKind.ExternalBgp],
                AnyCommunity =
                [
                    CommunityPattern.Parse("64512:100"),
                    CommunityPattern.Parse("64512:1:*"),
                    CommunityPattern.Parse("target:64512:*"),
                ],
                AllCommunities = [CommunityPattern.Parse("no-export")],
                NoCommunities = [CommunityPattern.Parse("64512:666")],
                AsPaths = [AsPathPattern.Parse("^65001_")],
                AsPathLength = new NumberRange(1, 5),
                OriginAs = [new AsNumber(65002)],
                NeighborAs = [new AsNumber(65001)],
                Origins = [Origin.Igp, Origin.Incomplete],
                NextHops = [IpPrefix.Parse("192.0.2.7/32")],
                LocalPreference = NumberRange.Exactly(100),
                MultiExitDisc = new NumberRange(0, 50),
            },
            Actions =
            [
                new PolicyAction.SetLocalPreference(200),
                new PolicyAction.SubtractMultiExitDisc(10),
                new PolicyAction.PrependAs(null, 3),
                new PolicyAction.RemoveCommunities([CommunityPattern.Parse("64512:*")]),
                new PolicyAction.SetCommunities(CommunityKinds.Standard, [Community.Parse("graceful-shutdown")]),
                new PolicyAction.AddCommunities([Community.Parse("64512:1:2")]),
                new PolicyAction.SetNextHopSelf(),
                new PolicyAction.SetOrigin(Origin.Egp),
            ],
            Disposition = Disposition.Accept,
        };
        Assert.That(policy.Terms.Single(), Is.EqualTo(expected));
    }

    [Test]
    public void Named_lists_stand_for_their_items_beside_those_of_the_term()
    {
        var options = ControlFile.Read(
            """
            prefix-lists: { customers: [10.0.0.0/8 le 24] }
            community-lists: { blackhole: ["64512:666"], colours: ["64512:1:*"] }
            as-path-lists: { transit: ["_65010_"] }
            policies:
              all:
                - match:
                    prefixes: 192.0.2.0/24
                    prefix-lists: customers
                    community-lists: [blackhole, colours]
                    no-community-lists: [colours]
                    as-path-lists: [transit]
            """
        );

        Assert.That(
            options.Policies.Single().Terms.Single(),
            Is.EqualTo(
                new PolicyTerm("term-1")
                {
                    Match = new PolicyMatch
                    {
                        Prefixes = [PrefixRange.Parse("192.0.2.0/24"), PrefixRange.Parse("10.0.0.0/8 le 24")],
                        AnyCommunity = [CommunityPattern.Parse("64512:666"), CommunityPattern.Parse("64512:1:*")],
                        NoCommunities = [CommunityPattern.Parse("64512:1:*")],
                        AsPaths = [AsPathPattern.Parse("_65010_")],
                    },
                }
            )
        );
    }

    [TestCase("match: { prefixes: [10.0.0.0/8 ge 33] }", "'10.0.0.0/8 ge 33' is not a prefix with or without bounds")]
    [TestCase("match: { prefixes: [] }", "the list is empty; leave the key out")]
    [TestCase("match: { prefix-lists: [customer] }", "there is no 'customer' in 'prefix-lists'; did you mean 'customers'?")]
    [TestCase("match: { all-community-lists: [x] }", "there is no 'x' in 'community-lists'; there are none")]
    [TestCase("match: { communities: [\"1:2:3:4\"] }", "'1:2:3:4' is not a community such as")]
    [TestCase("match: { as-paths: [\"(6)\\\\1\"] }", "is not a regular expression of at most 512 letters")]
    [TestCase("match: { as-path-length: 5-1 }", "'5-1' is not a number, or two with a '-' between")]
    [TestCase("match: { neighbors: [\"gw 1\"] }", "'gw 1' is not a neighbour's name")]
    [TestCase("match: { sources: [ibgp] }", "'ibgp' is not one of local, agent, external, internal")]
    [TestCase("match: { prefixs: [10.0.0.0/8] }", "'policies.p[0].match.prefixs' is not known; did you mean 'prefixes'?")]
    [TestCase("set: { med: ++1 }", "'++1' is not a number, or one to add")]
    [TestCase("set: { add-communities: [\"64512:*\"] }", "'64512:*' is not a community such as")]
    [TestCase("set: { prepend: 26 }", "'26' is not a count from 1 to 25")]
    [TestCase("set: { next-hop: none }", "'none' is not self, unchanged or an IP address")]
    [TestCase("then: drop", "'drop' is not one of accept, reject, next-term, next-policy")]
    public void A_mistake_is_told_with_its_place_and_what_is_allowed(string term, string expected) =>
        Assert.That(
            ControlFile.Faults($"policies: {{ p: [{{ {term} }}] }}\nprefix-lists: {{ customers: [10.0.0.0/8] }}\n"),
            Does.StartWith("control.yaml:5:").And.Contain(expected)
        );

    [Test]
    public void Lists_and_policies_without_items_are_mistakes() =>
        Assert.That(
            ControlFile.Faults("policies: { p: [] }\nprefix-lists: { none: [] }\n").Split('\n'),
            Is.EquivalentTo(
                new[]
                {
                    "control.yaml:5:16: key 'policies.p': it has no terms",
                    "control.yaml:6:23: key 'prefix-lists.none': the list is empty",
                }
            )
        );

    [Test]
    public void A_VRF_names_its_policies()
    {
        const string policies = "policies: { p: [{ then: reject }] }\n";

        var options = ControlFile.Read(policies + "vrf-policies: [{ vrf: \"a:b:c:c\", import-policy: p }]\n");

        Assert.That(options.VrfPolicies, Is.EqualTo(new[] { new VrfPolicyOptions("a:b:c:c", ["p"], []) }));
        Assert.That(
            ControlFile.Faults(policies + "vrf-policies: [{ vrf: v, export-policy: q }, { vrf: v }]\n"),
            Does.Contain("there is no policy 'q'").And.Contain("v stands here twice")
        );
    }

    private static RoutePolicy Policy(string terms) =>
        ControlFile.Read("policies:\n  p:\n" + string.Join('\n', terms.Split('\n').Select(line => "    " + line))).Policies.Single();
}
