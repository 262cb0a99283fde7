using Fabric.Primitives;
using Fabric.Routing.Policies;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// Tables for those who keep a copy (BMP, MRT), part by part between the turns of the routing loop. Each part shows its routes as they are when it is
/// read; whoever is told of changes from the beginning on has the whole table at the end.
/// </summary>
public sealed partial class RoutingCore
{
    private StoredCopies? _copies;

    private StoredCopies Copies => _copies ??= new StoredCopies(_shard.Attributes);

    /// <summary>Fills the batch with the next part of what a peer has sent.</summary>
    /// <param name="id">The peer.</param>
    /// <param name="isPostPolicy">Leaves out what a rule rejects.</param>
    /// <param name="cursor">Goes on by so many routes of the tables.</param>
    /// <param name="batch">Updates without receivers.</param>
    /// <param name="maxRoutes">So many routes of the tables are looked at.</param>
    public void ReadReceived(PeerId id, bool isPostPolicy, ref RibCursor cursor, UpdateBatch batch, int maxRoutes)
    {
        var peer = Get(id);
        batch.Clear();
        for (var left = maxRoutes; left > 0 && Next(ref cursor, out var table, out var route); left--)
        {
            if (IsPresent(table, route) && _shard.FindOf(table, route, peer, 0) is var path and not Path.None)
            {
                AppendReceived(table, route, path, isPostPolicy, batch);
            }
        }
    }

    /// <summary>Adds what a peer's route is behind the import rules, accepted or withdrawn; nothing for a route that is in no table.</summary>
    public void AppendReceived(PeerId id, RouteKey key, UpdateBatch batch)
    {
        var peer = Get(id);
        foreach (var table in GlobalTables)
        {
            if (table.Kind == RouteTableKind.Membership != key.IsMembership)
            {
                continue;
            }

            var route = table.Find(key);
            var path = route == Route.None ? Path.None : _shard.FindOf(table, route, peer, 0);
            if (path != Path.None && _shard.Paths[path].Infeasible == RejectReason.None)
            {
                AppendReceived(table, route, path, isPostPolicy: true, batch);
            }
            else
            {
                var family = PolicyRoute.Of(table.Kind, key).Family;
                batch.Add(new RouteUpdate(UpdateKind.Withdraw, table.Kind, default, key, family, batch.PathCount, 0));
            }
        }
    }

    /// <summary>Fills the batch with the next part of what a peer holds of this node.</summary>
    /// <inheritdoc cref="ReadReceived"/>
    public void ReadAdvertised(PeerId id, ref RibCursor cursor, UpdateBatch batch, int maxRoutes)
    {
        batch.Clear();
        if (Get(id) is not { Group: { } group } peer)
        {
            cursor.IsAtEnd = true;
            return;
        }

        var bit = group.BitOf(peer);
        var exports = new Dictionary<RouteTableKind, BgpExport>();
        for (var left = maxRoutes; left > 0 && Next(ref cursor, out var table, out var route); left--)
        {
            if (
                group.RibOf(table.Kind) is { } rib
                && table.IsLive(route)
                && rib.IsAnnounced(route, bit)
                && AdvertisedTo(table, route, group, bit, exports) is { Attributes: { } attributes } view
            )
            {
                AppendAdvertised(table, view.Key, attributes, view.Label, batch);
            }
        }
    }

    /// <summary>Fills the batch with the next part of all feasible paths; the paths of a route stand together, the best one first.</summary>
    public void ReadPaths(ref RibCursor cursor, UpdateBatch batch, int maxRoutes)
    {
        batch.Clear();
        for (var left = maxRoutes; left > 0 && Next(ref cursor, out var table, out var route); left--)
        {
            if (!IsPresent(table, route))
            {
                continue;
            }

            var key = RouteKey.Of(table[route]);
            var first = batch.PathCount;
            for (var path = table[route].FirstPath; path != Path.None; path = _shard.Paths[path].Next)
            {
                ref var found = ref _shard.Paths[path];
                if (found.Infeasible == RejectReason.None)
                {
                    var attributes = Copies.Append(found.Attributes, batch);
                    batch.Add(new AdvertisedPath(attributes, new MplsLabel(found.Label), default, new PeerId(found.Source)));
                }
            }

            if (batch.PathCount > first)
            {
                var family = PolicyRoute.Of(table.Kind, key).Family;
                batch.Add(new RouteUpdate(UpdateKind.Advertise, table.Kind, default, key, family, first, batch.PathCount - first));
            }
        }
    }

    private bool Next(ref RibCursor cursor, out RouteTable table, out int route)
    {
        foreach (var candidate in GlobalTables.Skip(cursor.Table))
        {
            if (cursor.Route < candidate.Extent)
            {
                (table, route) = (candidate, cursor.Route++);
                return true;
            }

            cursor.Table++;
            cursor.Route = 0;
        }

        cursor.IsAtEnd = true;
        (table, route) = (_shard.Vpn, Route.None);
        return false;
    }

    private void AppendReceived(RouteTable table, int route, int path, bool isPostPolicy, UpdateBatch batch)
    {
        ref var received = ref _shard.Paths[path];
        if (isPostPolicy && received.Infeasible != RejectReason.None)
        {
            return;
        }

        var key = RouteKey.Of(table[route]);
        Append(table, key, Copies.Append(received.Attributes, batch), new MplsLabel(received.Label), new PeerId(received.Source), batch);
    }

    private void AppendAdvertised(RouteTable table, in RouteKey key, PathAttributes attributes, MplsLabel label, UpdateBatch batch)
    {
        var stored = StoredAttributes.Write(attributes);
        stored.CopyTo(batch.StoredRoom(stored.Length));
        Append(table, key, batch.AddStored(stored.Length), label, _local.Id, batch);
    }

    private static void Append(
        RouteTable table,
        in RouteKey key,
        ExportedAttributes attributes,
        MplsLabel label,
        PeerId source,
        UpdateBatch batch
    )
    {
        var family = PolicyRoute.Of(table.Kind, key).Family;
        batch.Add(new RouteUpdate(UpdateKind.Advertise, table.Kind, default, key, family, batch.PathCount, 1));
        batch.Add(new AdvertisedPath(attributes, label, key.IsMembership ? default : key.RouteDistinguisher, source));
    }
}
