using System.Numerics;
using System.Runtime.InteropServices;
using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Routing;

/// <summary>Tables for operators, cut to a limit: a listing is made in one go, and nobody else is served meanwhile.</summary>
public sealed partial class RoutingCore
{
    private delegate bool RouteTest(RouteTable table, int route);

    /// <summary>The global routes of a family with all their paths.</summary>
    /// <param name="family">VPN routes, memberships and the like; of routes in VRFs see <see cref="VrfListing"/>.</param>
    /// <param name="isWanted">Null: all.</param>
    /// <param name="limit">So many at most are in the listing.</param>
    public RouteListing Listing(AddressFamily family, Predicate<RouteKey>? isWanted, int limit)
    {
        var chosen = Choose(GlobalTables, (table, route) => IsPresent(table, route), family, isWanted, limit, out var total);
        return new RouteListing([.. chosen.Select(one => ViewOf(one.Table, one.Route))], total);
    }

    /// <summary>Null for an unknown VRF.</summary>
    public RouteListing? VrfListing(string vrf, Predicate<RouteKey>? isWanted, int limit)
    {
        if (!_vrfs.TryGetValue(vrf, out var found))
        {
            return null;
        }

        var chosen = Choose([_shard.TableOf(found)], IsPresent, null, isWanted, limit, out var total);
        return new RouteListing([.. chosen.Select(one => ViewOf(one.Table, one.Route))], total);
    }

    /// <summary>The Adj-RIB-In of a peer: of each of its routes its own paths, rejected ones included.</summary>
    public RouteListing ReceivedFrom(PeerId id, AddressFamily family, Predicate<RouteKey>? isWanted, int limit)
    {
        var peer = Get(id);
        var chosen = Choose(
            GlobalTables,
            (table, route) => table.IsLive(route) && OwnPaths(table, route, peer).Any(),
            family,
            isWanted,
            limit,
            out var total
        );
        return new RouteListing([.. chosen.Select(one => ViewOf(one.Table, one.Route, peer))], total);
    }

    /// <summary>The Adj-RIB-Out of a peer: what it holds of this node, as the export rules make it. Nothing while its session is down.</summary>
    public AdvertisedListing AdvertisedTo(PeerId id, AddressFamily family, Predicate<RouteKey>? isWanted, int limit)
    {
        if (Get(id) is not { Group: { } group } peer)
        {
            return new AdvertisedListing([], 0);
        }

        var bit = group.BitOf(peer);
        var chosen = Choose(
            GlobalTables.Where(table => group.RibOf(table.Kind) is not null),
            (table, route) => table.IsLive(route) && group.RibOf(table.Kind)!.IsAnnounced(route, bit),
            family,
            isWanted,
            limit,
            out var total
        );

        // Rules of its own: what those of the group have at hand belongs to the batch that is being sent.
        var exports = new Dictionary<RouteTableKind, BgpExport>();
        return new AdvertisedListing([.. chosen.Select(one => AdvertisedTo(one.Table, one.Route, group, bit, exports))], total);
    }

    /// <summary>A pass over all paths.</summary>
    public IReadOnlyDictionary<(PeerId Peer, AddressFamily Family), ReceivedCount> CountReceived()
    {
        var counts = new Dictionary<(PeerId, AddressFamily), ReceivedCount>();
        for (var path = 0; path < _shard.Paths.Extent; path++)
        {
            ref var counted = ref _shard.Paths[path];
            if (counted.Is(PathFlags.Live) && !counted.Is(PathFlags.Imported | PathFlags.Exported))
            {
                ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(
                    counts,
                    (new PeerId(counted.Source), _shard.FamilyOf(path)),
                    out _
                );
                count = new ReceivedCount(count.Routes + 1, count.Rejected + (counted.Infeasible == RejectReason.None ? 0 : 1));
            }
        }

        return counts;
    }

    /// <summary>What BGP peers hold of this node: a pass over each table for each update group.</summary>
    public IReadOnlyDictionary<(PeerId Peer, AddressFamily Family), int> CountAdvertised()
    {
        var counts = new Dictionary<(PeerId, AddressFamily), int>();
        foreach (var group in _groups.Values.SelectMany(groups => groups).Where(group => group.VrfName is null))
        {
            foreach (var table in GlobalTables)
            {
                if (group.RibOf(table.Kind) is { } rib)
                {
                    CountAdvertised(group, table, rib, counts);
                }
            }
        }

        return counts;
    }

    private IEnumerable<RouteTable> GlobalTables => _shard.Tables.Where(table => table.Kind != RouteTableKind.Vrf);

    private static void CountAdvertised(UpdateGroup group, RouteTable table, AdjRibOut rib, Dictionary<(PeerId, AddressFamily), int> counts)
    {
        for (var route = 0; route < table.Extent; route++)
        {
            for (var left = rib.AnnouncedTo(route); left != 0; left &= left - 1)
            {
                var peer = group.PeerAt(BitOperations.TrailingZeroCount(left));
                CollectionsMarshal.GetValueRefOrAddDefault(counts, (peer, FamilyOf(table, route)), out _)++;
            }
        }
    }

    /// <summary>The first of the wanted routes, found in one pass; those of a large table are never all in memory.</summary>
    private static List<(RouteTable Table, int Route)> Choose(
        IEnumerable<RouteTable> tables,
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
        foreach (var table in tables)
        {
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
        }

        return [.. chosen.UnorderedItems.OrderBy(item => item.Priority, RouteKeyOrder.Comparer).Select(item => item.Element)];
    }

    // A route without paths is gone; it only waits for receivers to hear of it.
    private static bool IsPresent(RouteTable table, int route) => table.IsLive(route) && table[route].FirstPath != Path.None;

    private static AddressFamily FamilyOf(RouteTable table, int route) => PolicyRoute.Of(table.Kind, RouteKey.Of(table[route])).Family;

    private RouteView ViewOf(RouteTable table, int route, Peer source)
    {
        var best = _shard.BestOf(table[route]);
        return new RouteView(RouteKey.Of(table[route]), [.. OwnPaths(table, route, source).Select(path => ViewOf(table, path, best))]);
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

    private AdvertisedView AdvertisedTo(
        RouteTable table,
        int route,
        UpdateGroup group,
        ulong receiver,
        Dictionary<RouteTableKind, BgpExport> exports
    )
    {
        var key = RouteKey.Of(table[route]);
        var isPending = group.RibOf(table.Kind)!.IsPending(route, receiver);
        var best = _shard.BestOf(table[route]);
        if (best == Path.None)
        {
            return new AdvertisedView(key, null, default, null, isPending);
        }

        if (!exports.TryGetValue(table.Kind, out var export))
        {
            export = new BgpExport(_options, group.Policy, table.Kind == RouteTableKind.Membership);
            exports.Add(table.Kind, export);
        }

        ref var path = ref _shard.Paths[best];
        var source = _peers[path.Source]!.Definition;
        var attributes = _shard.Attributes[path.Attributes];
        var isStale = path.Is(PathFlags.LongLivedStale);
        var outcome = export.MayAdvertise(attributes, source, isStale)
            ? export.Export(attributes, source, isStale, PolicyRoute.Of(table.Kind, key))
            : new ExportOutcome(RejectReason.Policy, attributes);
        return new AdvertisedView(key, outcome.IsSent ? outcome.Attributes : null, new MplsLabel(path.Label), source.Name, isPending);
    }
}
