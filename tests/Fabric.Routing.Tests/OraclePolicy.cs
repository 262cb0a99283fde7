using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

/// <summary>A policy twice: as the RIB is given it, and in plain words of C# for the oracle. Null is "rejected".</summary>
internal sealed record OraclePolicy(RoutePolicy Policy, Func<OraclePolicy.Route, PathAttributes?> Does)
{
    /// <summary>What a policy looks at.</summary>
    internal sealed record Route(PathAttributes Attributes, string Prefix, string Rd, string Source);

    public static OraclePolicy[] All { get; } =
    [
        Rejecting(new() { Prefixes = [PrefixRange.Parse("10.1.0.0/24")] }, r => r.Prefix == "10.1.0.0/24"),
        Rejecting(new() { RouteDistinguishers = [Fixture.Rd("64512:1")] }, r => r.Rd == "64512:1"),
        Rejecting(new() { LocalPreference = new NumberRange(200, 200) }, r => r.Attributes.LocalPref == 200),
        Rejecting(new() { Neighbors = [new NeighborMatch { Name = "q" }] }, r => r.Source == "q"),
        Doing(
            new() { Prefixes = [PrefixRange.Parse("10.1.0.5/32")] },
            r => r.Prefix == "10.1.0.5/32",
            new PolicyAction.SetLocalPreference(300),
            a => a with { LocalPref = 300 }
        ),
        Doing(
            new() { Neighbors = [new NeighborMatch { Name = "p" }] },
            r => r.Source == "p",
            new PolicyAction.SetMultiExitDisc(7),
            a => a with { MultiExitDisc = 7 }
        ),
        Doing(
            PolicyMatch.Everything,
            _ => true,
            new PolicyAction.AddCommunities([Community.Parse("target:64512:3")]),
            a => a with { ExtendedCommunities = [.. a.ExtendedCommunities.Append(Fixture.Target(3).Community).Distinct().Order()] }
        ),
        Doing(
            new() { AsPathLength = new NumberRange(1, 9) },
            r => r.Attributes.AsPath.Hops() > 0,
            new PolicyAction.RemoveCommunities([CommunityPattern.Parse("target:64512:1")]),
            a => a with { ExtendedCommunities = [.. a.ExtendedCommunities.Where(c => c != Fixture.Target(1).Community)] }
        ),
        Doing(
            new() { NextHops = [IpPrefix.Parse("203.0.113.1/32")] },
            r => r.Attributes.NextHop.ToString() == "203.0.113.1",
            new PolicyAction.SetNextHop(IpAddress.Parse("203.0.113.77")),
            a => a with { NextHop = IpAddress.Parse("203.0.113.77") }
        ),
    ];

    public bool DecidesMultiExitDisc(Route route) =>
        Policy.Terms[0].Actions.Any(a => a is PolicyAction.SetMultiExitDisc) && route.Source == "p";

    /// <summary>What a chain makes of a route, null if one of them rejects it.</summary>
    public static PathAttributes? Apply(IEnumerable<OraclePolicy> chain, Route route) =>
        chain.Aggregate<OraclePolicy, PathAttributes?>(
            route.Attributes,
            (attributes, policy) => attributes is null ? null : policy.Does(route with { Attributes = attributes })
        );

    private static OraclePolicy Rejecting(PolicyMatch match, Predicate<Route> rejects) =>
        new(Tests.Policies.Policy.Rejecting(match), r => rejects(r) ? null : r.Attributes);

    private static OraclePolicy Doing(
        PolicyMatch match,
        Predicate<Route> fits,
        PolicyAction action,
        Func<PathAttributes, PathAttributes> change
    ) =>
        new(
            Tests.Policies.Policy.Of(Tests.Policies.Policy.Term("do", match, Disposition.NextTerm, action)),
            r => fits(r) ? change(r.Attributes) : r.Attributes
        );
}
