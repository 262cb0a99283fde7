using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

/// <summary>What the tables of all families have to hold and to have told, computed from what BGP peers said, by brute force.</summary>
internal sealed class FamilyOracle
{
    internal sealed record Speaker(string Name, PeerKind Kind, bool HasRtc, bool SendsPathIds, int Number)
    {
        public bool IsClient { get; set; }

        /// <summary>Zero for one that takes the best path alone.</summary>
        public int PathLimit { get; set; }
        public OraclePolicy[] Imports { get; set; } = [];
        public OraclePolicy[] Exports { get; set; } = [];
        public bool IsUp { get; set; }
        public bool MembershipsKnown { get; set; }
    }

    internal sealed record Route(AddressFamily Family, IpPrefix Prefix, RouteDistinguisher Rd, EvpnKey? Evpn)
    {
        /// <summary>As in <see cref="Fixture.Held"/>.</summary>
        public string Name =>
            Family.Safi switch
            {
                1 => $"Unicast|{Prefix}",
                4 => $"Labelled|{Prefix}",
                70 => Evpn.ToString()!,
                _ => $"{Rd}:{Prefix}",
            };

        public bool HasTargets => Family.Safi is 70 or 128;

        /// <summary>What a policy sees of the route: no prefix in EVPN but that of type 5.</summary>
        public OraclePolicy.Route With(PathAttributes attributes, Speaker source) =>
            new(
                attributes,
                Evpn is null ? Prefix.ToString()
                    : Evpn.Value.Type == EvpnRouteType.IpPrefixRoute ? Evpn.Value.Prefix.ToString()
                    : "",
                HasTargets ? Rd.ToString() : "",
                source.Name
            );
    }

    internal sealed record Vrf(uint[] Targets, OraclePolicy[] Imports);

    internal readonly record struct Key(string Peer, Route Route, uint PathId)
    {
        public AddressFamily Family => Route.Family;
    }

    internal sealed record Saying(PathAttributes Attributes, uint Label, EvpnData Data)
    {
        public bool IsStale { get; set; }
        public bool IsLongLived { get; set; }
        public bool MayNotBeKeptForLong => Attributes.Communities.Contains(Oracle.NoLongLivedGracefulRestart);
    }

    /// <summary>A feasible path with what policies have made of it.</summary>
    internal sealed record Candidate(Speaker Source, Key Key, Saying Said, PathAttributes Attributes, bool IsImported = false);

    private static readonly RouteDistinguisher One = Fixture.Rd("64512:1");
    private static readonly MacAddress Mac = new(0x0200_0000_0001);

    public static Route[] Samples { get; } =
    [
        new(AddressFamily.Ipv4Unicast, Fixture.Prefix("10.1.0.0/24"), default, null),
        new(AddressFamily.Ipv6Unicast, Fixture.Prefix("2001:db8::/32"), default, null),
        new(AddressFamily.LabelledIpv4, Fixture.Prefix("10.1.0.5/32"), default, null),
        new(AddressFamily.LabelledIpv6, Fixture.Prefix("2001:db8::/32"), default, null),
        new(AddressFamily.Vpnv4, Fixture.Prefix("10.1.0.0/24"), One, null),
        new(AddressFamily.Vpnv4, Fixture.Prefix("10.1.0.0/24"), Fixture.Rd("64512:2"), null),
        new(AddressFamily.Vpnv6, Fixture.Prefix("2001:db8::/32"), One, null),
        new(AddressFamily.Vpnv6, Fixture.Prefix("2001:db8::/32"), Fixture.Rd("64512:2"), null),
        .. new[]
        {
            EvpnKey.MacIp(One, 7, Mac, default),
            EvpnKey.MacIp(Fixture.Rd("64512:2"), 7, Mac, default),
            EvpnKey.MacIp(One, 7, Mac, IpAddress.Parse("2001:db8::5")),
            EvpnKey.MacIp(Fixture.Rd("64512:2"), 7, Mac, IpAddress.Parse("2001:db8::5")),
            EvpnKey.InclusiveMulticast(One, 7, IpAddress.Parse("2001:db8::5")),
            EvpnKey.IpPrefix(One, 0, Fixture.Prefix("10.1.0.0/24")),
            EvpnKey.IpPrefix(One, 0, Fixture.Prefix("2001:db8::/32")),
        }.Select(key => new Route(AddressFamily.L2VpnEvpn, default, key.Rd, key)),
    ];

    public Dictionary<string, Speaker> Speakers { get; } = [];
    public Dictionary<string, Vrf> Vrfs { get; } = [];
    public Dictionary<Key, Saying> Said { get; } = [];
    public HashSet<(string Peer, uint Target)> Wanted { get; } = [];

    public void Forget(string peer, Func<Key, Saying, bool> isGone)
    {
        foreach (var (key, said) in Said.Where(s => s.Key.Peer == peer).ToList())
        {
            if (isGone(key, said))
            {
                Said.Remove(key);
            }
        }
    }

    /// <summary>The feasible paths of each route in order of preference, and how many of them are equal.</summary>
    public IEnumerable<(string Name, List<Candidate> Ordered, int Equal)> Table(AddressFamily family) =>
        Candidates().Where(c => c.Key.Family == family).GroupBy(c => c.Key.Route.Name).Select(g => Ordered(g.Key, g));

    public IEnumerable<(string Name, List<Candidate> Ordered, int Equal)> VrfEvpn(string vrf) =>
        Imports(vrf).Where(c => c.Key.Route.Evpn is not null).GroupBy(c => WithoutRd(c.Key.Route.Name)).Select(g => Ordered(g.Key, g));

    public IEnumerable<(string Name, List<Candidate> Ordered, int Equal)> VrfPrefixes(string vrf) =>
        Imports(vrf)
            .Where(c => c.Key.Route.Evpn is null || IsForwardedAsPrefix(c))
            .GroupBy(c => (c.Key.Route.Evpn?.Prefix ?? c.Key.Route.Prefix).ToString())
            .Select(g => Ordered(g.Key, g));

    public static string WithoutRd(string evpn) => evpn[evpn.IndexOf(":[", StringComparison.Ordinal)..];

    /// <summary>What a receiver should hold, a line for each route and path; paths of a route that are several in any order.</summary>
    public IEnumerable<string> Held(string name)
    {
        var receiver = Speakers[name];
        foreach (var (route, ordered, _) in Samples.Select(s => s.Family).Distinct().SelectMany(Table))
        {
            var offered = (receiver.PathLimit > 0 ? ordered : ordered.Take(1)).Where(path => MayHold(path, receiver));
            foreach (var path in offered.Take(Math.Max(1, receiver.PathLimit)))
            {
                yield return $"{route} = {Described(path, receiver)}";
            }
        }
    }

    private bool MayHold(Candidate path, Speaker receiver) =>
        path.Source != receiver
        && Reaches(path.Source, receiver)
        && IsWanted(path, receiver)
        && !(path.Said.IsLongLived && receiver.Kind == PeerKind.ExternalBgp)
        && OraclePolicy.Apply(receiver.Exports, Seen(path)) is not null;

    private static OraclePolicy.Route Seen(Candidate path) => path.Key.Route.With(path.Attributes, path.Source);

    private IEnumerable<Candidate> Candidates() =>
        Said.Where(s => !s.Value.Attributes.AsPath.Contains(Fixture.LocalAs))
            .Select(s => new Candidate(Speakers[s.Key.Peer], s.Key, s.Value, s.Value.Attributes))
            .SelectMany(c => Judged(c, c.Source.Imports));

    private static IEnumerable<Candidate> Judged(Candidate path, OraclePolicy[] policies) =>
        OraclePolicy.Apply(policies, Seen(path)) is { } attributes ? [path with { Attributes = attributes }] : [];

    private IEnumerable<Candidate> Imports(string vrf) =>
        Vrfs.TryGetValue(vrf, out var definition)
            ? new[] { AddressFamily.Vpnv4, AddressFamily.Vpnv6, AddressFamily.L2VpnEvpn }
                .SelectMany(Table)
                .SelectMany(route => route.Ordered.Take(route.Equal))
                .Where(c => TargetsOf(c).Intersect(definition.Targets).Any())
                .SelectMany(c => Judged(c, definition.Imports))
                .Select(c => c with { IsImported = true })
            : [];

    private static IEnumerable<uint> TargetsOf(Candidate path) => path.Attributes.RouteTargets.Select(t => (uint)t.Value);

    private static bool IsForwardedAsPrefix(Candidate path) =>
        path.Key.Route.Evpn is { Type: EvpnRouteType.IpPrefixRoute }
        && path.Said.Data.Segment.IsSingleHomed
        && !path.Attributes.ExtendedCommunities.Any(c => c.IsEncapsulation);

    private static (string Name, List<Candidate> Ordered, int Equal) Ordered(string name, IEnumerable<Candidate> candidates)
    {
        var feasible = candidates.ToList();
        var ranked = feasible.GroupBy(Rank).OrderBy(g => g.Key).Select(g => g.ToList()).ToList();
        if (ranked.Count == 0)
        {
            return (name, [], 0);
        }

        var equal = ranked[0].Where(c => !ranked[0].Exists(o => FallsByMed(c, o))).OrderBy(TieOf).ToList();
        var fallen = feasible.Except(equal).OrderBy(Rank).ThenBy(TieOf);
        return (name, [.. equal, .. fallen], equal.Count);

        ((bool, long, int, long) Move, uint Holder, int AsPath) Rank(Candidate path) =>
            (MoveOf(path), HolderOf(path, feasible), path.Attributes.AsPath.Hops());
    }

    /// <summary>The lowest PE that has the MAC address in the path's place, by the same move.</summary>
    private static uint HolderOf(Candidate path, List<Candidate> feasible) =>
        path.Key.Route.Evpn is not { Type: EvpnRouteType.MacIpAdvertisement }
            ? 0
            : feasible.Where(o => o == path || IsOnSegmentOf(path, o) && MoveOf(o) == MoveOf(path)).Min(o => o.Attributes.NextHop.Ipv4);

    private static bool IsOnSegmentOf(Candidate path, Candidate other) =>
        !path.Said.Data.Segment.IsSingleHomed && path.Said.Data.Segment == other.Said.Data.Segment;

    private static bool FallsByMed(Candidate path, Candidate other) =>
        path.Attributes.AsPath.Neighbor() == other.Attributes.AsPath.Neighbor()
        && (path.Attributes.MultiExitDisc ?? 0) > (other.Attributes.MultiExitDisc ?? 0);

    private static (bool, long, int, long) MoveOf(Candidate path)
    {
        var mobility = path.Attributes.ExtendedCommunities.Where(c => c.IsMacMobility).Select(c => c.Value).FirstOrDefault();
        var isSticky = (mobility >> 40 & 1) != 0;
        return (path.Said.IsLongLived, -(long)(path.Attributes.LocalPref ?? 100), isSticky ? 0 : 1, -(long)(uint)mobility);
    }

    private static (int, int, ulong, int, uint) TieOf(Candidate path) =>
        (
            path.Source.Kind == PeerKind.ExternalBgp ? 0 : 1,
            path.Source.Number,
            path.IsImported ? path.Key.Route.Rd.Value : 0,
            path.Key.Family == AddressFamily.L2VpnEvpn ? 1 : 0,
            path.Key.PathId
        );

    private bool IsWanted(Candidate path, Speaker receiver) =>
        !receiver.HasRtc
        || !path.Key.Route.HasTargets
        || receiver.MembershipsKnown && TargetsOf(path).Any(t => Wanted.Contains((receiver.Name, t)));

    private static bool Reaches(Speaker from, Speaker to) =>
        from.Kind != PeerKind.InternalBgp || to.Kind != PeerKind.InternalBgp || from.IsClient || to.IsClient;

    private static string Described(Candidate path, Speaker to)
    {
        var isEvpn = path.Key.Family == AddressFamily.L2VpnEvpn;
        var text = Fixture.Describe(Exported(path, to), new MplsLabel(isEvpn ? 0 : path.Said.Label));
        return isEvpn ? $"{text} {path.Said.Data}" : text;
    }

    private static PathAttributes Exported(Candidate path, Speaker to)
    {
        var seen = Seen(path);
        var attributes = OraclePolicy.Apply(to.Exports, seen)!;
        if (to.Kind != PeerKind.ExternalBgp)
        {
            var passed = path.Said.IsLongLived ? Oracle.Aged(attributes) : attributes with { LocalPref = attributes.LocalPref ?? 100 };
            return path.Source.Kind != PeerKind.InternalBgp
                ? passed
                : passed with
                {
                    OriginatorId = BgpIdentifier.Parse($"192.0.2.{path.Source.Number}"),
                    ClusterList = [7],
                };
        }

        return attributes with
        {
            AsPath = attributes.AsPath.Beyond(),
            LocalPref = null,
            MultiExitDisc =
                path.Attributes.AsPath.Hops() == 0 || to.Exports.Any(p => p.DecidesMultiExitDisc(seen)) ? attributes.MultiExitDisc : null,
            NextHop =
                path.Key.Family.Safi == 1 && attributes.NextHop == path.Attributes.NextHop
                    ? IpAddress.Parse("192.0.2.1")
                    : attributes.NextHop,
        };
    }
}
