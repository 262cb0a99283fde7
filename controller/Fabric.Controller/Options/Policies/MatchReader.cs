using Fabric.Hosting.Configuration;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;
using static Fabric.Controller.Options.Policies.PolicyValues;

namespace Fabric.Controller.Options.Policies;

/// <summary>The key match of a term. All of its conditions must hold; a list holds if one of its items does.</summary>
internal static class MatchReader
{
    public static PolicyMatch Read(OptionsFile term, NamedLists lists) =>
        term.Section("match") is { } match
            ? new PolicyMatch
            {
                Prefixes = lists.Prefixes(match),
                RouteDistinguishers =
                [
                    .. NotEmpty<RouteDistinguisher>(match, "route-distinguishers", RouteDistinguisher.TryParse, DistinguisherExpected),
                ],
                Families = [.. NotEmpty<AddressFamily>(match, "families", AddressFamily.TryParse, BgpOptionValues.FamilyExpected)],
                Neighbors = [.. NotEmpty<NeighborMatch>(match, "neighbors", Neighbor, NeighborExpected)],
                Sources = [.. NotEmpty<PeerKind>(match, "sources", Sources.TryParse, Sources.Expected)],
                AnyCommunity = lists.Communities(match, ("communities", "community-lists")),
                AllCommunities = lists.Communities(match, ("all-communities", "all-community-lists")),
                NoCommunities = lists.Communities(match, ("no-communities", "no-community-lists")),
                AsPaths = lists.AsPaths(match),
                AsPathLength = Bounds(match, "as-path-length"),
                OriginAs = [.. NotEmpty<AsNumber>(match, "origin-as", BgpOptionValues.As, BgpOptionValues.AsExpected)],
                NeighborAs = [.. NotEmpty<AsNumber>(match, "neighbor-as", BgpOptionValues.As, BgpOptionValues.AsExpected)],
                Origins = [.. NotEmpty<Origin>(match, "origins", Origins.TryParse, Origins.Expected)],
                NextHops = [.. NotEmpty<IpPrefix>(match, "next-hops", Network, "an address or a prefix")],
                LocalPreference = Bounds(match, "local-preference"),
                MultiExitDisc = Bounds(match, "med"),
            }
            : PolicyMatch.Everything;

    private static NumberRange? Bounds(OptionsFile match, string key) =>
        match.Optional<NumberRange?>(key, PolicyValues.Range, RangeExpected, null);
}
