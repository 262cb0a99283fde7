using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing.Tests;

/// <summary>What the RIB has to hold and to have told, computed from its inputs alone, by brute force and with none of its code.</summary>
internal sealed class Oracle(uint? clusterId)
{
    internal sealed record Speaker(string Name, PeerKind Kind, bool IsClient, bool HasRtc, uint RouterId)
    {
        public bool IsUp { get; set; }
        public bool MembershipsKnown { get; set; }
    }

    internal sealed record Said(PathAttributes Attributes, uint Label, string Rd = "")
    {
        public bool IsStale { get; set; }
    }

    internal sealed record Candidate(
        Speaker Source,
        PathAttributes Attributes,
        uint Label,
        string Rd,
        string Prefix,
        string? Home,
        string? ImportedRd
    );

    public Dictionary<string, Speaker> Speakers { get; } = [];
    public Dictionary<string, (uint[] Import, uint[] Export)> Vrfs { get; } = [];
    public Dictionary<(string Peer, string Rd, string Prefix), Said> Vpn { get; } = [];
    public Dictionary<(string Agent, string Vrf, string Prefix), Said> Published { get; } = [];
    public Dictionary<(string Agent, string Vrf), bool> StaleBySubscription { get; } = [];
    public Dictionary<(string Peer, uint Target), Said> Wanted { get; } = [];

    private static uint[] TargetsOf(PathAttributes attributes) => [.. attributes.RouteTargets.Select(t => (uint)t.Value)];

    public List<Candidate> VpnCandidates() =>
        [
            .. Vpn.Select(v => new Candidate(Speakers[v.Key.Peer], v.Value.Attributes, v.Value.Label, v.Key.Rd, v.Key.Prefix, null, null)),
            .. Published
                .Where(p => Vrfs.TryGetValue(p.Key.Vrf, out var vrf) && vrf.Export.Length > 0)
                .Select(p => new Candidate(
                    Speakers[p.Key.Agent],
                    p.Value.Attributes with
                    {
                        ExtendedCommunities = [.. Vrfs[p.Key.Vrf].Export.Select(t => Fixture.Target(t).Community).Order()],
                    },
                    p.Value.Label,
                    p.Value.Rd,
                    p.Key.Prefix,
                    p.Key.Vrf,
                    null
                )),
        ];

    public List<Candidate> VrfCandidates(string name)
    {
        var primaries = Published
            .Where(p => p.Key.Vrf == name)
            .Select(p => new Candidate(Speakers[p.Key.Agent], p.Value.Attributes, p.Value.Label, "", p.Key.Prefix, null, null));
        var imports = Vrfs.TryGetValue(name, out var vrf)
            ? VpnCandidates()
                .GroupBy(c => (c.Rd, c.Prefix))
                .SelectMany(EqualOf)
                .Where(c => c.Home != name && TargetsOf(c.Attributes).Intersect(vrf.Import).Any())
                .Select(c => c with { ImportedRd = c.Rd })
            : [];
        return [.. primaries, .. imports];
    }

    /// <summary>The equal paths, the best first.</summary>
    public static List<Candidate> EqualOf(IEnumerable<Candidate> candidates)
    {
        var left = candidates.Where(c => !c.Attributes.AsPath.Contains(Fixture.LocalAs)).ToList();
        left = Least(left, c => -(long)(c.Attributes.LocalPref ?? 100));
        left = Least(left, c => c.Attributes.AsPath.Length);
        left =
        [
            .. left.Where(c =>
                !left.Exists(o =>
                    o.Attributes.AsPath.NeighborAs == c.Attributes.AsPath.NeighborAs
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
            .Where(s => s.Key.Agent == agent.Name && !s.Value && Vrfs.ContainsKey(s.Key.Vrf))
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
            if (best is null || best.Source == peer || !Reaches(best.Source, peer))
            {
                continue;
            }

            if (!peer.HasRtc || TargetsOf(best.Attributes).Any(t => Wanted.ContainsKey((peer.Name, t))))
            {
                var text = Fixture.Describe(Exported(best.Attributes, best.Source, peer), new MplsLabel(best.Label));
                held[$"{route.Key.Rd}:{route.Key.Prefix}"] = text;
            }
        }
    }

    private void AddMemberships(Speaker peer, SortedDictionary<string, string> held)
    {
        if (!peer.HasRtc)
        {
            return;
        }

        var own = new Speaker("local", PeerKind.Local, false, false, 0);
        var said = StaleBySubscription
            .Keys.Where(s => Vrfs.ContainsKey(s.Vrf))
            .SelectMany(s => Vrfs[s.Vrf].Import)
            .Distinct()
            .Select(t => (Source: own, Target: t))
            .Concat(Wanted.Keys.Select(w => (Source: Speakers[w.Peer], w.Target)));
        foreach (var membership in said.GroupBy(s => s.Target, s => s.Source))
        {
            var best = membership.OrderBy(s => s.Kind == PeerKind.Local ? 0 : 1).ThenBy(s => s.RouterId).First();
            if (!Reaches(best, peer) || membership.All(s => s == peer))
            {
                continue;
            }

            var attributes = Exported(Fixture.Attributes("192.0.2.1"), best, peer);
            if (best.Kind == PeerKind.InternalBgp && peer.IsClient)
            {
                attributes = attributes with { OriginatorId = BgpIdentifier.Parse("192.0.2.1") };
            }

            held[$"64512:{Fixture.Target(membership.Key)}/96"] = Fixture.Describe(attributes, default);
        }
    }

    private bool Reaches(Speaker from, Speaker to) =>
        from.Kind != PeerKind.InternalBgp || to.Kind != PeerKind.InternalBgp || (clusterId is not null && (from.IsClient || to.IsClient));

    private PathAttributes Exported(PathAttributes attributes, Speaker from, Speaker to) =>
        to.Kind == PeerKind.ExternalBgp
            ? attributes with
            {
                AsPath = attributes.AsPath.Prepend(Fixture.LocalAs),
                LocalPref = null,
                MultiExitDisc = attributes.AsPath.Length == 0 ? attributes.MultiExitDisc : null,
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
