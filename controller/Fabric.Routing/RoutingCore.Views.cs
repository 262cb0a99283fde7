using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Routing;

/// <summary>What operators may ask. A view is a copy; each call reads the tables as they are.</summary>
public sealed partial class RoutingCore
{
    public RoutingCounters Counters =>
        new(
            _shard.Vpn.Count,
            _shard.Tables.Where(t => t.Kind == RouteTableKind.Vrf).Sum(t => t.Count),
            _shard.Memberships.Count,
            _shard.Paths.Count,
            _shard.Attributes.Count,
            _shard.Tables.Sum(t => t.MemoryBytes)
                + _shard.Paths.MemoryBytes
                + _shard.Attributes.MemoryBytes
                + _groups.Values.SelectMany(g => g).Sum(g => g.MemoryBytes)
        );

    public IEnumerable<VrfView> Vrfs =>
        _vrfs.Values.Select(v => new VrfView(v.Name, v.Definition, _shard.TableOf(v).Count, v.Subscriptions));

    public IEnumerable<PeerView> Peers =>
        _peersByName
            .Values.Where(p => p != _local)
            .Select(p => new PeerView(p.Id, p.Definition, p.IsUp, p.IsBlocked, p.MembershipState, CountAnnounced(p)));

    /// <summary>All that paths can come from, this node among them.</summary>
    public IEnumerable<(PeerId Id, PeerDefinition Definition)> Sources => _peers.OfType<Peer>().Select(peer => (peer.Id, peer.Definition));

    public PeerDefinition DefinitionOf(PeerId id) => id == _local.Id ? _local.Definition : Get(id).Definition;

    public IEnumerable<RouteView> VpnRoutes => RoutesOf(_shard.Vpn);

    public IEnumerable<RouteView> Memberships => RoutesOf(_shard.Memberships);

    /// <summary>None for an unknown VRF.</summary>
    public IEnumerable<RouteView> VrfRoutes(string vrf) => _vrfs.TryGetValue(vrf, out var found) ? RoutesOf(_shard.TableOf(found)) : [];

    public RouteView? VpnRoute(RouteDistinguisher rd, IpPrefix prefix) => RouteOf(_shard.Vpn, RouteKey.Vpn(rd, prefix));

    public RouteView? VrfRoute(string vrf, IpPrefix prefix) =>
        _vrfs.TryGetValue(vrf, out var found) ? RouteOf(_shard.TableOf(found), RouteKey.Vrf(prefix)) : null;

    private static int CountAnnounced(Peer peer) =>
        peer.Group is { } group && group.RibOf(RouteTableKind.Vpn) is { } rib ? rib.CountAnnounced(group.BitOf(peer)) : 0;

    private RouteView? RouteOf(RouteTable table, in RouteKey key) =>
        table.Find(key) is var route and not Route.None ? ViewOf(table, route) : null;

    private IEnumerable<RouteView> RoutesOf(RouteTable table)
    {
        for (var route = 0; route < table.Extent; route++)
        {
            // A route without paths is gone; it only waits for receivers to hear of it.
            if (table.IsLive(route) && table[route].FirstPath != Path.None)
            {
                yield return ViewOf(table, route);
            }
        }
    }

    private RouteView ViewOf(RouteTable table, int route)
    {
        var views = new List<PathView>();
        var best = _shard.BestOf(table[route]);
        for (var path = table[route].FirstPath; path != Path.None; path = _shard.Paths[path].Next)
        {
            views.Add(ViewOf(table, path, best));
        }

        return new RouteView(RouteKey.Of(table[route]), [.. views]);
    }

    private PathView ViewOf(RouteTable table, int index, int best)
    {
        var path = _shard.Paths[index];
        var owner = path.Is(PathFlags.Imported) ? _shard.Paths[path.Origin] : path;
        owner = owner.Is(PathFlags.Exported) ? _shard.Paths[owner.Origin] : owner;
        var source = _peers[path.Source]!;
        var attributes = _shard.Attributes[path.Attributes];

        // A rejected path keeps the attributes that it came with, so that the rules answer as they did.
        var rejection =
            path.Infeasible == RejectReason.Policy
                ? source.Rules.Judge(attributes, PolicyRoute.Of(table.Kind, RouteKey.Of(table[path.Route])))
                : default;
        return new PathView
        {
            Source = source.Definition.Name,
            SourceKind = source.Definition.Kind,
            SourceRouterId = source.Definition.RouterId,
            SourceAddress = source.Definition.Address,
            Attributes = attributes,
            Label = new MplsLabel(path.Label),
            ImportedFrom = path.Is(PathFlags.Imported) ? new RouteDistinguisher(_shard.Vpn[_shard.Paths[path.Origin].Route].Rd) : null,
            IsBest = index == best,
            IsEqual = path.Is(PathFlags.Equal),
            IsStale = owner.Is(PathFlags.Stale),
            IsLongLivedStale = path.Is(PathFlags.LongLivedStale),
            IsFeasible = path.Infeasible == RejectReason.None,
            Reason = WhyNot(index, best),
            Policy = rejection.Policy,
            Term = rejection.Term,
        };
    }

    private RejectReason WhyNot(int path, int best) =>
        path == best ? RejectReason.None
        : best == Path.None ? _shard.Paths[path].Infeasible
        : BestPath.Why(_shard.CandidateOf(path), _shard.CandidateOf(best), _shard.Paths[path].Is(PathFlags.Equal));
}
