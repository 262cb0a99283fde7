using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

/// <summary>What the RIB has to hold and to have told, computed from its inputs alone, by brute force and with none of its code.</summary>
internal sealed class Oracle(uint? clusterId)
{
    /// <summary>RFC 9494 section 3.2; the mark of stale routes there, and NO_EXPORT (RFC 1997).</summary>
    public const uint NoLongLivedGracefulRestart = 0xFFFF_0007;
    private const uint LongLivedStale = 0xFFFF_0006;
    private const uint NoExport = 0xFFFF_FF01;

    internal sealed record Speaker(string Name, PeerKind Kind, bool HasRtc, uint RouterId)
    {
        public bool IsClient { get; set; }
        public OraclePolicy[] Imports { get; set; } = [];
        public OraclePolicy[] Exports { get; set; } = [];
        public bool IsUp { get; set; }
        public bool MembershipsKnown { get; set; }
    }

    internal sealed record Said(PathAttributes Attributes, uint Label, string Rd = "")
    {
        public bool IsStale { get; set; }
        public bool IsLongLived { get; set; }

        public bool MayNotBeKeptForLong => Attributes.Communities.Contains(NoLongLivedGracefulRestart);
    }

    internal sealed record Candidate(
        Speaker Source,
        PathAttributes Attributes,
        uint Label,
        string Rd,
        string Prefix,
        string? Home = null,
        string? ImportedRd = null,
        bool IsLongLived = false,
        bool IsFeasible = true
    )
    {
        /// <summary>What policies make of it; a rejected one is there with the attributes that it came with.</summary>
        public Candidate After(OraclePolicy[] policies, string rd) =>
            !IsFeasible ? this
            : OraclePolicy.Apply(policies, new(Attributes, Prefix, rd, Source.Name)) is { } attributes
                ? this with
                {
                    Attributes = attributes,
                }
            : this with { IsFeasible = false };
    }

    internal sealed record Vrf(uint[] Import, uint[] Export)
    {
        public OraclePolicy[] Imports { get; init; } = [];
        public OraclePolicy[] Exports { get; init; } = [];
    }

    public Dictionary<string, Speaker> Speakers { get; } = [];
    public Dictionary<string, Vrf> Vrfs { get; } = [];
    public Dictionary<(string Peer, string Rd, string Prefix), Said> Vpn { get; } = [];
    public Dictionary<(string Agent, string Vrf, string Prefix), Said> Published { get; } = [];
    public Dictionary<(string Agent, string Vrf), bool> StaleBySubscription { get; } = [];
    public HashSet<(string Agent, string Vrf)> NotAdmitted { get; } = [];
    public Dictionary<(string Peer, uint Target), Said> Wanted { get; } = [];

    private static uint[] TargetsOf(PathAttributes attributes) => [.. attributes.RouteTargets.Select(t => (uint)t.Value)];

    public List<Candidate> VpnCandidates() =>
        [
            .. Vpn.Select(v => Received(Speakers[v.Key.Peer], v.Value, v.Key.Rd, v.Key.Prefix)),
            .. Published.Where(p => Vrfs.ContainsKey(p.Key.Vrf)).SelectMany(p => Exported(Vrfs[p.Key.Vrf], Primary(p.Key, p.Value))),
        ];

    public List<Candidate> VrfCandidates(string name)
    {
        var primaries = Published.Where(p => p.Key.Vrf == name).Select(p => Primary(p.Key, p.Value) with { Home = null });
        var imports = Vrfs.TryGetValue(name, out var vrf)
            ? VpnCandidates()
                .GroupBy(c => (c.Rd, c.Prefix))
                .SelectMany(EqualOf)
                .Where(c => c.Home != name && TargetsOf(c.Attributes).Intersect(vrf.Import).Any())
                .Select(c => c.After(vrf.Imports, c.Rd) with { ImportedRd = c.Rd })
            : [];
        return [.. primaries, .. imports];
    }

    public static AddressFamily VpnFamilyOf(string prefix) => prefix.Contains(':') ? AddressFamily.Vpnv6 : AddressFamily.Vpnv4;

    public static AddressFamily VrfFamilyOf(string prefix) => prefix.Contains(':') ? AddressFamily.Ipv6Unicast : AddressFamily.Ipv4Unicast;

    public PrefixCounts CountsOf(string peer, AddressFamily family)
    {
        var vpn = Vpn.Where(v => v.Key.Peer == peer && VpnFamilyOf(v.Key.Prefix) == family).ToList();
        var primaries = Published.Where(p => p.Key.Agent == peer && VrfFamilyOf(p.Key.Prefix) == family).ToList();
        var memberships = Wanted
            .Where(w => w.Key.Peer == peer && family == AddressFamily.RouteTargetMembership)
            .Select(w => w.Value)
            .ToList();
        Candidate[] routes =
        [
            .. vpn.Select(v => Received(Speakers[peer], v.Value, v.Key.Rd, v.Key.Prefix)),
            .. primaries.Select(p => Primary(p.Key, p.Value)),
        ];
        Said[] said = [.. vpn.Select(v => v.Value), .. primaries.Select(p => p.Value), .. memberships];
        return new(said.Length, routes.Count(r => r.IsFeasible) + memberships.Count) { Stale = said.Count(s => s.IsStale) };
    }

    private static Candidate Received(Speaker source, Said said, string rd, string prefix)
    {
        var isLoop = said.Attributes.AsPath.Contains(Fixture.LocalAs);
        var received = new Candidate(source, said.Attributes, said.Label, rd, prefix, IsLongLived: said.IsLongLived, IsFeasible: !isLoop);
        return received.After(source.Imports, source.Kind == PeerKind.Agent ? "" : rd);
    }

    private Candidate Primary((string Agent, string Vrf, string Prefix) key, Said said)
    {
        var received = Received(Speakers[key.Agent], said, said.Rd, key.Prefix);
        return received with { Home = key.Vrf, IsFeasible = received.IsFeasible && !NotAdmitted.Contains((key.Agent, key.Vrf)) };
    }

    private static Candidate[] Exported(Vrf vrf, Candidate primary)
    {
        if (!primary.IsFeasible)
        {
            return [primary];
        }

        var targets = primary
            .Attributes.ExtendedCommunities.Where(c => !c.IsRouteTarget)
            .Union(vrf.Export.Select(t => Fixture.Target(t).Community));
        var targeted = primary with { Attributes = primary.Attributes with { ExtendedCommunities = [.. targets.Order()] } };
        var exported = targeted.After(vrf.Exports, "");
        return exported.IsFeasible && TargetsOf(exported.Attributes).Length == 0 ? [] : [exported];
    }

    /// <summary>The equal paths, the best first.</summary>
    public static List<Candidate> EqualOf(IEnumerable<Candidate> candidates)
    {
        var left = Least([.. candidates.Where(c => c.IsFeasible)], c => c.IsLongLived ? 1 : 0);
        left = Least(left, c => -(long)(c.Attributes.LocalPref ?? 100));
        left = Least(left, c => c.Attributes.AsPath.Hops());
        left =
        [
            .. left.Where(c =>
                !left.Exists(o =>
                    o.Attributes.AsPath.Neighbor() == c.Attributes.AsPath.Neighbor()
                    && (o.Attributes.MultiExitDisc ?? 0) < (c.Attributes.MultiExitDisc ?? 0)
                )
            ),
        ];
        return
        [
            .. left.OrderBy(c =>
                    c.Source.Kind switch
                    {
                        PeerKind.Local => 0,
                        PeerKind.Agent => 1,
                        PeerKind.ExternalBgp => 2,
                        _ => 3,
                    }
                )
                .ThenBy(c => c.Source.RouterId)
                .ThenBy(c => c.ImportedRd is { } rd ? Fixture.Rd(rd).Value : 0)
                .ThenBy(c => c.Home, StringComparer.Ordinal),
        ];
    }

    private static List<Candidate> Least(List<Candidate> candidates, Func<Candidate, long> measure) =>
        candidates.Count == 0 ? [] : [.. candidates.Where(c => measure(c) == candidates.Min(measure))];

    /// <summary>What a receiver should hold, a line for a route.</summary>
    public SortedDictionary<string, string> Held(string name)
    {
        var receiver = Speakers[name];
        var held = new SortedDictionary<string, string>();
        if (receiver.Kind == PeerKind.Agent)
        {
            AddVrfRoutes(receiver, held);
        }
        else
        {
            AddVpnRoutes(receiver, held);
            AddMemberships(receiver, held);
        }

        return held;
    }

    private void AddVrfRoutes(Speaker agent, SortedDictionary<string, string> held)
    {
        var vrfs = StaleBySubscription
            .Where(s => s.Key.Agent == agent.Name && !s.Value && Vrfs.ContainsKey(s.Key.Vrf) && !NotAdmitted.Contains(s.Key))
            .Select(s => s.Key.Vrf);
        foreach (var vrf in vrfs)
        {
            foreach (var route in VrfCandidates(vrf).GroupBy(c => c.Prefix))
            {
                var paths = EqualOf(route).DistinctBy(c => (c.Attributes.NextHop, c.Label)).ToList();
                if (paths.Exists(p => p.Source != agent || p.ImportedRd is not null))
                {
                    held[$"{vrf}|{route.Key}"] = string.Join(
                        ", ",
                        paths.Select(p => Fixture.Describe(p.Attributes, new MplsLabel(p.Label)))
                    );
                }
            }
        }
    }

    private void AddVpnRoutes(Speaker peer, SortedDictionary<string, string> held)
    {
        if (peer is { HasRtc: true, MembershipsKnown: false })
        {
            return;
        }

        foreach (var route in VpnCandidates().GroupBy(c => (c.Rd, c.Prefix)))
        {
            var best = EqualOf(route).FirstOrDefault();
            if (best is null || best.Source == peer || !Reaches(best.Source, peer) || best.IsLongLived && peer.Kind == PeerKind.ExternalBgp)
            {
                continue;
            }

            var wanted = !peer.HasRtc || TargetsOf(best.Attributes).Any(t => Wanted.ContainsKey((peer.Name, t)));
            var seen = new OraclePolicy.Route(best.Attributes, best.Prefix, best.Rd, best.Source.Name);
            if (wanted && OraclePolicy.Apply(peer.Exports, seen) is { } attributes)
            {
                var keepsMed = best.Attributes.AsPath.Hops() == 0 || peer.Exports.Any(p => p.DecidesMultiExitDisc(seen));
                var told = Told(attributes, best.Source, peer, keepsMed, best.IsLongLived);
                held[$"{route.Key.Rd}:{route.Key.Prefix}"] = Fixture.Describe(told, new MplsLabel(best.Label));
            }
        }
    }

    private void AddMemberships(Speaker peer, SortedDictionary<string, string> held)
    {
        if (!peer.HasRtc)
        {
            return;
        }

        var own = new Speaker("local", PeerKind.Local, false, 0);
        var said = StaleBySubscription
            .Keys.Where(s => Vrfs.ContainsKey(s.Vrf) && !NotAdmitted.Contains(s))
            .SelectMany(s => Vrfs[s.Vrf].Import)
            .Distinct()
            .Select(t => (Source: own, Target: t, IsLongLived: false))
            .Concat(Wanted.Select(w => (Source: Speakers[w.Key.Peer], w.Key.Target, w.Value.IsLongLived)));
        foreach (var membership in said.GroupBy(s => s.Target))
        {
            var (best, _, isLongLived) = membership
                .Where(s => Reaches(s.Source, peer))
                .OrderBy(s => s.IsLongLived)
                .ThenBy(s => s.Source.Kind == PeerKind.Local ? 0 : 1)
                .ThenBy(s => s.Source.RouterId)
                .FirstOrDefault();
            if (best is null || membership.All(s => s.Source == peer))
            {
                continue;
            }

            var attributes = Told(Fixture.Attributes("192.0.2.1"), best, peer, keepsMed: true, isLongLived);
            if (best.Kind == PeerKind.InternalBgp && peer.IsClient)
            {
                attributes = attributes with { OriginatorId = BgpIdentifier.Parse("192.0.2.1") };
            }

            held[$"64512:{Fixture.Target(membership.Key)}/96"] = Fixture.Describe(attributes, default);
        }
    }

    private bool Reaches(Speaker from, Speaker to) =>
        from.Kind != PeerKind.InternalBgp || to.Kind != PeerKind.InternalBgp || (clusterId is not null && (from.IsClient || to.IsClient));

    private PathAttributes Told(PathAttributes attributes, Speaker from, Speaker to, bool keepsMed, bool isLongLived) =>
        isLongLived ? Aged(Sent(attributes, from, to, keepsMed)) : Sent(attributes, from, to, keepsMed);

    /// <summary>A last resort of peers inside that know nothing of long-lived stale routes.</summary>
    public static PathAttributes Aged(PathAttributes attributes) =>
        attributes with
        {
            LocalPref = 0,
            Communities = [.. attributes.Communities.Append(LongLivedStale).Append(NoExport).Order()],
        };

    private PathAttributes Sent(PathAttributes attributes, Speaker from, Speaker to, bool keepsMed) =>
        to.Kind == PeerKind.ExternalBgp
            ? attributes with
            {
                AsPath = attributes.AsPath.Beyond(),
                LocalPref = null,
                MultiExitDisc = keepsMed ? attributes.MultiExitDisc : null,
            }
        : from.Kind == PeerKind.InternalBgp
            ? attributes with
            {
                LocalPref = attributes.LocalPref ?? 100,
                OriginatorId = new BgpIdentifier(from.RouterId),
                ClusterList = [clusterId!.Value],
            }
        : attributes with { LocalPref = attributes.LocalPref ?? 100 };
}
