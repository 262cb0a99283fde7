using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests.Policies;

/// <summary>Policies and routes out of small sets of values, so that they meet often.</summary>
internal sealed class RandomPolicy(int seed)
{
    private readonly Random _random = new(seed);

    public int Next(int count) => _random.Next(count);

    private T One<T>(params ReadOnlySpan<T> items) => items[Next(items.Length)];

    private EquatableArray<T> Some<T>(Func<T> make) => Next(4) > 0 ? [] : [.. Enumerable.Range(0, 1 + Next(3)).Select(_ => make())];

    public EquatableArray<RoutePolicy> Chain() =>
        [.. Enumerable.Range(0, 1 + Next(3)).Select(p => new RoutePolicy($"p{p}", [.. Enumerable.Range(0, Next(5)).Select(Term)]))];

    private PolicyTerm Term(int number) =>
        new($"t{number}")
        {
            Match = Match(),
            Actions = Some(Action),
            Disposition = One(Disposition.NextTerm, Disposition.NextTerm, Disposition.NextPolicy, Disposition.Accept, Disposition.Reject),
        };

    private PolicyMatch Match() =>
        new()
        {
            Prefixes = Some(() =>
                PrefixRange.Parse(
                    One("10.0.0.0/8 le 24", "10.1.0.0/16", "10.1.0.0/16 ge 20", "10.0.0.0/7 ge 9 le 16", "2001:db8::/32 le 64")
                )
            ),
            RouteDistinguishers = Some(() => RouteDistinguisher.FromAs(Fixture.LocalAs, (uint)Next(3))),
            Families = Some(() => One(AddressFamily.Vpnv4, AddressFamily.Vpnv6)),
            Neighbors = Some(() =>
                new NeighborMatch
                {
                    Name = One("p", "q", null),
                    AsNumber = One<AsNumber?>(null, new AsNumber(65001), new AsNumber(65002)),
                    Address = One<IpPrefix?>(null, IpPrefix.Parse("192.0.2.0/24")),
                }
            ),
            Sources = Some(() => One(PeerKind.ExternalBgp, PeerKind.InternalBgp, PeerKind.Agent)),
            AnyCommunity = Some(Pattern),
            AllCommunities = Some(Pattern),
            NoCommunities = Some(Pattern),
            AsPathLength = Range(4),
            OriginAs = Some(AsNumber),
            NeighborAs = Some(AsNumber),
            Origins = Some(() => One(Origin.Igp, Origin.Egp, Origin.Incomplete)),
            NextHops = Some(() => IpPrefix.Parse(One("203.0.113.0/31", "203.0.113.0/24", "198.51.100.0/24"))),
            LocalPreference = Range(200),
            MultiExitDisc = Range(40),
        };

    private NumberRange? Range(int highest) => Next(4) > 0 ? null : new NumberRange((uint)Next(highest), (uint)Next(highest));

    private CommunityPattern Pattern() =>
        CommunityPattern.Parse(One($"64512:{Next(3)}", "64512:*", $"*:{Next(3)}", "64512:*:1", "target:*", $"target:64512:{Next(3)}"));

    private EquatableArray<Community> Communities() => [.. Enumerable.Range(0, Next(3)).Select(_ => Community.Parse($"64512:{Next(3)}"))];

    private AsNumber AsNumber() => new((uint)(65001 + Next(3)));

    private PolicyAction Action() =>
        Next(11) switch
        {
            0 => new PolicyAction.SetLocalPreference((uint)Next(200)),
            1 => new PolicyAction.SetMultiExitDisc((uint)Next(40)),
            2 => new PolicyAction.AddMultiExitDisc((uint)Next(20)),
            3 => new PolicyAction.SubtractMultiExitDisc((uint)Next(20)),
            4 => new PolicyAction.PrependAs(Next(2) == 0 ? null : AsNumber(), Next(3)),
            5 => new PolicyAction.SetCommunities(CommunityKinds.Standard, Communities()),
            6 => new PolicyAction.AddCommunities(Communities()),
            7 => new PolicyAction.RemoveCommunities([CommunityPattern.Parse(One("64512:1", "64512:*", "*:2"))]),
            8 => new PolicyAction.SetNextHop(IpAddress.Parse(One("203.0.113.1", "198.51.100.1"))),
            9 => new PolicyAction.SetNextHopSelf(),
            _ => new PolicyAction.SetOrigin(One(Origin.Igp, Origin.Incomplete)),
        };

    public PeerDefinition Source() => Policy.Peer(One(PeerKind.ExternalBgp, PeerKind.InternalBgp)) with { Name = One("p", "q") };

    public PathAttributes Attributes() =>
        new()
        {
            Origin = One(Origin.Igp, Origin.Egp),
            NextHop = IpAddress.Parse(One("203.0.113.1", "203.0.113.2")),
            AsPath = Policy.Path(One("", "65001", "65001 65002", "65003 65001 65002", "65001 {65002,65003}")),
            LocalPref = One<uint?>(null, 50, 150),
            MultiExitDisc = One<uint?>(null, 10, 30),
            Communities = [.. Communities().Select(c => (uint)c.Bits).Distinct().Order()],
            LargeCommunities = One(0, 1) == 0 ? [] : [new LargeCommunity(64512, 5, 1)],
            ExtendedCommunities = One(0, 1) == 0 ? [] : [Fixture.Target((uint)Next(3)).Community],
        };

    public PolicyRoute Route() =>
        Next(4) == 0
            ? Policy.Route(One("2001:db8::/32", "2001:db8:1::/48"), AddressFamily.Vpnv6, $"64512:{Next(3)}")
            : Policy.Route(
                One("10.0.0.0/8", "10.1.0.0/16", "10.1.16.0/20", "11.0.0.0/16"),
                One(AddressFamily.Vpnv4, AddressFamily.Ipv4Unicast),
                $"64512:{Next(3)}"
            );
}
