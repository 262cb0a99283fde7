using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests.Policies;

/// <summary>Compiled policies against an interpreter that reads the definitions word by word.</summary>
internal sealed class PolicyInterpreterTests
{
    [Test]
    public void A_compiled_policy_does_what_its_definition_says([Range(1, 40)] int seed)
    {
        var random = new RandomPolicy(seed);
        var (chain, source) = (random.Chain(), random.Source());
        var compiled = new CompiledPolicy(chain, Fixture.LocalAs, new OwnNextHop(Policy.Options.LocalAddress));
        var sets = Enumerable.Range(0, 6).Select(_ => random.Attributes()).ToArray();

        for (var i = 0; i < 300; i++)
        {
            var (attributes, route) = (sets[random.Next(sets.Length)], random.Route());

            var outcome = compiled.Evaluate(attributes, source, route);

            var expected = Interpret(chain, attributes, source, route);
            Assert.That(
                (outcome.IsAccepted, outcome.Policy, outcome.Term),
                Is.EqualTo((expected.IsAccepted, expected.Policy, expected.Term))
            );
            Assert.That(outcome.Attributes, Is.EqualTo(expected.Attributes));
        }
    }

    private static (bool IsAccepted, PathAttributes Attributes, string? Policy, string? Term) Interpret(
        EquatableArray<RoutePolicy> chain,
        PathAttributes attributes,
        PeerDefinition source,
        PolicyRoute route
    )
    {
        foreach (var policy in chain)
        {
            foreach (var term in policy.Terms.Where(t => Fits(t.Match, attributes, source, route)))
            {
                attributes = term.Actions.Aggregate(attributes, (set, action) => Apply(set, action, route));
                if (term.Disposition is Disposition.Accept or Disposition.Reject)
                {
                    return (term.Disposition == Disposition.Accept, attributes, policy.Name, term.Name);
                }

                if (term.Disposition == Disposition.NextPolicy)
                {
                    break;
                }
            }
        }

        return (true, attributes, null, null);
    }

    private static bool Fits(PolicyMatch match, PathAttributes attributes, PeerDefinition source, PolicyRoute route)
    {
        string[] communities =
        [
            .. attributes.Communities.Select(c => $"{c >> 16}:{c & 0xFFFF}"),
            .. attributes.LargeCommunities.Select(c => c.ToString()),
            .. attributes.ExtendedCommunities.Select(c => c.ToString()),
        ];
        bool Has(CommunityPattern pattern) =>
            communities.Any(c => Community.Parse(c) is var x && x.Kind == pattern.Kind && (x.Bits & pattern.Mask) == pattern.Bits);
        var numbers = attributes.AsPath.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);

        return (match.Prefixes.IsEmpty || match.Prefixes.Any(r => r.Contains(route.Prefix)))
            && (match.RouteDistinguishers.IsEmpty || match.RouteDistinguishers.Contains(route.RouteDistinguisher))
            && (match.Families.IsEmpty || match.Families.Contains(route.Family))
            && (
                match.Neighbors.IsEmpty
                || match.Neighbors.Any(n =>
                    (n.Name ?? source.Name) == source.Name
                    && n.Address?.Contains(source.Address) != false
                    && (n.AsNumber ?? source.PeerAs) == source.PeerAs
                )
            )
            && (match.Sources.IsEmpty || match.Sources.Contains(source.Kind))
            && (match.AnyCommunity.IsEmpty || match.AnyCommunity.Any(Has))
            && match.AllCommunities.All(Has)
            && !match.NoCommunities.Any(Has)
            && (match.AsPathLength is not { } length || numbers.Length >= length.Lowest && numbers.Length <= length.Highest)
            && (match.OriginAs.IsEmpty || match.OriginAs.Any(a => numbers.LastOrDefault() == a.ToString()))
            && (match.NeighborAs.IsEmpty || match.NeighborAs.Any(a => numbers.FirstOrDefault() == a.ToString()))
            && (match.Origins.IsEmpty || match.Origins.Contains(attributes.Origin))
            && (match.NextHops.IsEmpty || match.NextHops.Any(p => p.Contains(attributes.NextHop)))
            && match.LocalPreference?.Contains(attributes.LocalPref ?? 100) != false
            && match.MultiExitDisc?.Contains(attributes.MultiExitDisc ?? 0) != false;
    }

    private static PathAttributes Apply(PathAttributes attributes, PolicyAction action, PolicyRoute route) =>
        action switch
        {
            PolicyAction.SetLocalPreference a => attributes with { LocalPref = a.Value },
            PolicyAction.SetMultiExitDisc a => attributes with { MultiExitDisc = a.Value },
            PolicyAction.AddMultiExitDisc a => attributes with { MultiExitDisc = (attributes.MultiExitDisc ?? 0) + a.Value },
            PolicyAction.SubtractMultiExitDisc a => attributes with
            {
                MultiExitDisc = (uint)Math.Max(0L, (long)(attributes.MultiExitDisc ?? 0) - a.Value),
            },
            PolicyAction.PrependAs a => attributes with
            {
                AsPath = Policy.Path(string.Concat(Enumerable.Repeat($"{a.AsNumber ?? Fixture.LocalAs} ", a.Count)) + attributes.AsPath),
            },
            PolicyAction.SetCommunities a => attributes with
            {
                Communities = [.. a.Communities.Select(c => (uint)c.Bits).Distinct().Order()],
            },
            PolicyAction.AddCommunities a => attributes with
            {
                Communities = [.. attributes.Communities.Concat(a.Communities.Select(c => (uint)c.Bits)).Distinct().Order()],
            },
            PolicyAction.RemoveCommunities a => attributes with
            {
                Communities = [.. attributes.Communities.Where(c => !a.Patterns.Any(p => p.Fits(c)))],
            },
            PolicyAction.SetNextHop a => attributes with { NextHop = a.Address },
            PolicyAction.SetNextHopSelf when route.Family.IsUnicast => attributes with { NextHop = Policy.Options.LocalAddress },
            PolicyAction.SetOrigin a => attributes with { Origin = a.Origin },
            _ => attributes,
        };
}
