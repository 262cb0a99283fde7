using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>Tables for operators, cut to a limit: a listing is made in one go, and nobody else is served meanwhile.</summary>
public sealed partial class RoutingCore
{
    private delegate bool RouteTest(RouteTable table, int route);

    /// <summary>The routes of a family with all their paths.</summary>
    /// <param name="family">One of <see cref="Families"/>; of routes in VRFs see <see cref="VrfListing"/>.</param>
    /// <param name="isWanted">Null: all.</param>
    /// <param name="limit">So many at most are in the listing.</param>
    public RouteListing Listing(AddressFamily family, Predicate<RouteKey>? isWanted, int limit)
    {
        var chosen = Choose(TableOf(family), IsPresent, family, isWanted, limit, out var total);
        return new RouteListing([.. chosen.Select(one => ViewOf(one.Table, one.Route))], total);
    }

    /// <summary>Null for an unknown VRF.</summary>
    public RouteListing? VrfListing(string vrf, Predicate<RouteKey>? isWanted, int limit)
    {
        if (!_vrfs.TryGetValue(vrf, out var found))
        {
            return null;
        }

        if (_shard.FindTable(found) is not { } table)
        {
            return new RouteListing([], 0);
        }

        var chosen = Choose(table, IsPresent, null, isWanted, limit, out var total);
        return new RouteListing([.. chosen.Select(one => ViewOf(one.Table, one.Route))], total);
    }

    /// <summary>The Adj-RIB-In of a peer: of each of its routes its own paths, rejected ones included.</summary>
    public RouteListing ReceivedFrom(PeerId id, AddressFamily family, Predicate<RouteKey>? isWanted, int limit)
    {
        var peer = Get(id);
        var chosen = Choose(
            TableOf(family),
            (table, route) => table.IsLive(route) && OwnPaths(table, route, peer).Any(),
            family,
            isWanted,
            limit,
            out var total
        );
        return new RouteListing([.. chosen.Select(one => ViewOf(one.Table, one.Route, peer))], total);
    }

    /// <summary>
    /// The Adj-RIB-Out of a peer: what it holds of this node, as the export rules make it, each path by itself. Nothing while its session is down.
    /// </summary>
    public AdvertisedListing AdvertisedTo(PeerId id, AddressFamily family, Predicate<RouteKey>? isWanted, int limit)
    {
        var held = TableOf(family);
        if (Get(id) is not { Group: { } group } peer || group.RibOf(held.Kind) is not { } rib)
        {
            return new AdvertisedListing([], 0);
        }

        var bit = group.BitOf(peer);
        var chosen = Choose(
            held,
            (table, route) => table.IsLive(route) && rib.IsAnnounced(route, bit),
            family,
            isWanted,
            limit,
            out var total
        );

        // Rules of its own: what those of the group have at hand belongs to the batch that is being sent.
        var exports = new Dictionary<RouteTableKind, BgpExport>();
        return new AdvertisedListing([.. chosen.SelectMany(one => AdvertisedTo(rib, one.Route, bit, exports))], total);
    }

    /// <summary>The Loc-RIB: how many routes of the family have a best path.</summary>
    public int CountBest(AddressFamily family) => TableOf(family).BestCount(RouteFamilies.IsIpv4(family));

    /// <summary>The Adj-RIB-Out: how many routes of the family the peer holds of this node.</summary>
    public int CountAdvertised(PeerId id, AddressFamily family) =>
        Get(id) is { Group: { } group } peer && group.RibOf(RouteFamilies.TableOf(family)) is { } rib
            ? rib.CountAnnounced(peer.Slot, RouteFamilies.IsIpv4(family))
            : 0;

    /// <summary>The whole of an EVPN route's key, which the table has; null for a key of another kind.</summary>
    public EvpnKey? EvpnKeyOf(RouteKey key) => key.IsEvpn ? _shard.EvpnRoutes.KeyOf(key) : null;

    /// <summary>Those that no VRF has for itself.</summary>
    private RouteTable[] GlobalTables => field ??= [.. RouteFamilies.BgpTables.ToArray().Select(_shard.TableOf)];

    private RouteTable TableOf(AddressFamily family) => _shard.TableOf(RouteFamilies.TableOf(family));

    /// <summary>The first of the wanted routes, found in one pass; those of a large table are never all in memory.</summary>
    private static List<(RouteTable Table, int Route)> Choose(
        RouteTable table,
        RouteTest test,
        AddressFamily? family,
        Predicate<RouteKey>? isWanted,
        int limit,
        out int total
    )
    {
        total = 0;
        var lastFirst = Comparer<RouteKey>.Create(static (a, b) => RouteKeyOrder.Compare(b, a));
        var chosen = new PriorityQueue<(RouteTable Table, int Route), RouteKey>(lastFirst);
        for (var route = 0; route < table.Extent; route++)
        {
            if (!test(table, route) || family is { } asked && FamilyOf(table, route) != asked)
            {
                continue;
            }

            var key = RouteKey.Of(table[route]);
            if (isWanted?.Invoke(key) == false)
            {
                continue;
            }

            total++;
            if (chosen.Count < limit)
            {
                chosen.Enqueue((table, route), key);
            }
            else
            {
                chosen.EnqueueDequeue((table, route), key);
            }
        }

        return [.. chosen.UnorderedItems.OrderBy(item => item.Priority, RouteKeyOrder.Comparer).Select(item => item.Element)];
    }

    // A route without paths is gone; it only waits for receivers to hear of it.
    private static bool IsPresent(RouteTable table, int route) => table.IsLive(route) && table[route].FirstPath != Path.None;

    private static AddressFamily FamilyOf(RouteTable table, int route) => RouteFamilies.Of(table.Kind, table[route].Kind);

    private RouteView ViewOf(RouteTable table, int route, Peer source)
    {
        var best = _shard.BestOf(table[route]);
        var key = RouteKey.Of(table[route]);
        return new RouteView(key, [.. OwnPaths(table, route, source).Select(path => ViewOf(table, path, best))]) { Evpn = EvpnKeyOf(key) };
    }

    private IEnumerable<int> OwnPaths(RouteTable table, int route, Peer source)
    {
        for (var path = table[route].FirstPath; path != Path.None; path = _shard.Paths[path].Next)
        {
            if (_shard.IsOwn(path, source))
            {
                yield return path;
            }
        }
    }

    /// <summary>What the receiver holds of a route: the best path, or several by their identifiers. None stands for one that is gone.</summary>
    private IEnumerable<(uint PathId, int Path)> HeldPaths(AdjRibOut rib, int route, ulong receiver)
    {
        if (!rib.TakesSeveral(rib.Table[route].Kind))
        {
            ref var told = ref rib.Table[route];
            return [(0, rib.Table.Kind == RouteTableKind.Membership ? _shard.ToldOf(told, rib.Group.Policy) : _shard.BestOf(told))];
        }

        var feasible = new List<int>();
        for (var path = rib.Table[route].FirstPath; path != Path.None && IsFeasible(path); path = _shard.Paths[path].Next)
        {
            feasible.Add(path);
        }

        return rib.Several!.HeldBy(route, receiver).Select(held => (held, feasible.Contains((int)held - 1) ? (int)held - 1 : Path.None));
    }

    /// <summary>What the export rules make of a path for a group's receivers.</summary>
    private ExportOutcome ExportOf(RouteTable table, int index, UpdateGroup group, Dictionary<RouteTableKind, BgpExport> exports)
    {
        if (!exports.TryGetValue(table.Kind, out var export))
        {
            export = new BgpExport(_options, group.Policy, table.Kind == RouteTableKind.Membership);
            exports.Add(table.Kind, export);
        }

        ref var path = ref _shard.Paths[index];
        var source = _peers[path.Source]!.Definition;
        var attributes = _shard.Attributes[path.Attributes];
        var isStale = path.Is(PathFlags.LongLivedStale);
        return export.MayAdvertise(attributes, source, isStale)
            ? export.Export(attributes, source, isStale, _shard.PolicyRouteOf(table, RouteKey.Of(table[path.Route])))
            : new ExportOutcome(RejectReason.Policy, attributes);
    }

    private IEnumerable<AdvertisedView> AdvertisedTo(
        AdjRibOut rib,
        int route,
        ulong receiver,
        Dictionary<RouteTableKind, BgpExport> exports
    )
    {
        var (table, key) = (rib.Table, RouteKey.Of(rib.Table[route]));
        var isPending = rib.IsPending(route, receiver);
        foreach (var (pathId, index) in HeldPaths(rib, route, receiver))
        {
            var view = new AdvertisedView(key, null, default, null, isPending) { PathId = pathId, Evpn = EvpnKeyOf(key) };
            if (index != Path.None)
            {
                var (outcome, label) = (ExportOf(table, index, rib.Group, exports), _shard.Paths[index].Label);
                view = view with
                {
                    Attributes = outcome.IsSent ? outcome.Attributes : null,
                    Label = table.HasEvpnRoutes ? default : new MplsLabel(label),
                    EvpnData = table.HasEvpnRoutes ? _shard.EvpnRoutes.DataOf(label) : null,
                    Source = _peers[_shard.Paths[index].Source]!.Definition.Name,
                };
            }

            yield return view;
        }
    }
}
