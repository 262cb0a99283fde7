using Fabric.Primitives;
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

    /// <summary>The families that the RIB has tables for.</summary>
    public static IReadOnlyList<AddressFamily> Families { get; } = [.. RouteFamilies.BgpTables.ToArray().SelectMany(FamilySet.Every.In)];

    /// <summary>Fills the batch with the next part of what a peer has sent: all its paths, with their identifiers.</summary>
    /// <param name="id">The peer.</param>
    /// <param name="isPostPolicy">As the import rules make them, without those that a rule rejects; else as they came.</param>
    /// <param name="cursor">Goes on by so many routes of the tables.</param>
    /// <param name="batch">Updates without receivers.</param>
    /// <param name="maxRoutes">So many routes of the tables are looked at.</param>
    public void ReadReceived(PeerId id, bool isPostPolicy, ref RibCursor cursor, UpdateBatch batch, int maxRoutes)
    {
        var peer = Get(id);
        batch.Clear();
        for (var left = maxRoutes; left > 0 && Next(ref cursor, out var table, out var route); left--)
        {
            var path = table.IsLive(route) ? table[route].FirstPath : Path.None;
            for (; path != Path.None; path = _shard.Paths[path].Next)
            {
                if (_shard.IsOwn(path, peer) && (!isPostPolicy || IsFeasible(path)))
                {
                    AppendReceived(table, path, isPostPolicy, batch);
                }
            }
        }
    }

    /// <summary>Fills the batch with the next part of what a peer's paths are behind the import rules; those that a rule rejects are withdrawn.</summary>
    /// <inheritdoc cref="ReadReceived"/>
    public void ReadJudged(PeerId id, ref RibCursor cursor, UpdateBatch batch, int maxRoutes)
    {
        var peer = Get(id);
        batch.Clear();
        for (var left = maxRoutes; left > 0 && Next(ref cursor, out var table, out var route); left--)
        {
            var path = table.IsLive(route) ? table[route].FirstPath : Path.None;
            for (; path != Path.None; path = _shard.Paths[path].Next)
            {
                if (!_shard.IsOwn(path, peer))
                {
                    continue;
                }

                if (IsFeasible(path))
                {
                    AppendReceived(table, path, isPostPolicy: true, batch);
                }
                else
                {
                    batch.Add(UpdateOf(table, path, batch.PathCount, _shard.PathIdOf(path), batch) with { Kind = UpdateKind.Withdraw });
                }
            }
        }
    }

    /// <summary>Fills the batch with withdrawals of what a peer has not said again: what <see cref="SweepStale"/> is about to remove.</summary>
    public void ReadStale(PeerId id, AddressFamily family, UpdateBatch batch)
    {
        var peer = Get(id);
        batch.Clear();
        foreach (var path in peer.Paths)
        {
            if (_shard.IsOwn(path, peer) && _shard.Paths[path].Is(PathFlags.Stale) && _shard.FamilyOf(path) == family)
            {
                batch.Add(
                    UpdateOf(_shard.TableOf(path), path, batch.PathCount, _shard.PathIdOf(path), batch) with
                    {
                        Kind = UpdateKind.Withdraw,
                    }
                );
            }
        }
    }

    /// <summary>Adds what a peer's path is behind the import rules, accepted or withdrawn.</summary>
    /// <param name="id">The peer.</param>
    /// <param name="family">Any but EVPN.</param>
    /// <param name="key">The route.</param>
    /// <param name="pathId">Of the path (RFC 7911); 0 in sessions without.</param>
    /// <param name="batch">Gets an update without receivers.</param>
    public void AppendReceived(PeerId id, AddressFamily family, in RouteKey key, uint pathId, UpdateBatch batch)
    {
        var table = TableOf(family);
        var path = FindAccepted(table, key, Get(id), pathId);
        if (path != Path.None)
        {
            AppendReceived(table, path, isPostPolicy: true, batch);
        }
        else
        {
            batch.Add(Withdrawal(family, key, pathId, batch));
        }
    }

    /// <summary>The same of an EVPN route; nothing for a type that the RIB does not take.</summary>
    public void AppendReceived(PeerId id, in EvpnKey route, uint pathId, UpdateBatch batch)
    {
        if (!route.IsRecognized)
        {
            return;
        }

        var path = _shard.EvpnRoutes.TryFind(route, out var key) ? FindAccepted(_shard.Evpn, key, Get(id), pathId) : Path.None;
        if (path != Path.None)
        {
            AppendReceived(_shard.Evpn, path, isPostPolicy: true, batch);
        }
        else
        {
            var place = batch.Add(new EvpnNlri(route, default));
            batch.Add(Withdrawal(AddressFamily.L2VpnEvpn, key, pathId, batch) with { EvpnRoute = place });
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
            if (group.RibOf(table.Kind) is not { } rib || !table.IsLive(route) || !rib.IsAnnounced(route, bit))
            {
                continue;
            }

            foreach (var (pathId, path) in HeldPaths(rib, route, bit))
            {
                if (path != Path.None && ExportOf(table, path, group, exports) is { IsSent: true } outcome)
                {
                    var stored = StoredAttributes.Write(outcome.Attributes);
                    stored.CopyTo(batch.StoredRoom(stored.Length));
                    Append(table, path, batch.AddStored(stored.Length), _local.Id, pathId, batch);
                }
            }
        }
    }

    /// <summary>
    /// Fills the batch with the next part of all feasible paths; those of a route stand together, the best one first, with an update for
    /// each row of paths that have the same label and the same identifier, or none.
    /// </summary>
    public void ReadPaths(ref RibCursor cursor, UpdateBatch batch, int maxRoutes)
    {
        batch.Clear();
        for (var left = maxRoutes; left > 0 && Next(ref cursor, out var table, out var route); left--)
        {
            var path = table.IsLive(route) ? table[route].FirstPath : Path.None;
            while (path != Path.None && IsFeasible(path))
            {
                var (first, places) = (path, batch.PathCount);
                for (; path != Path.None && IsFeasible(path) && IsOneRow(path, first); path = _shard.Paths[path].Next)
                {
                    ref var found = ref _shard.Paths[path];
                    AppendPath(table, path, Copies.Append(found.Attributes, batch), new PeerId(found.Source), batch);
                }

                batch.Add(UpdateOf(table, first, places, _shard.PathIdOf(first), batch));
            }
        }
    }

    private bool Next(ref RibCursor cursor, out RouteTable table, out int route)
    {
        for (; cursor.Table < GlobalTables.Length; cursor.Table++, cursor.Route = 0)
        {
            table = GlobalTables[cursor.Table];
            if (cursor.Route < table.Extent)
            {
                route = cursor.Route++;
                return true;
            }
        }

        cursor.IsAtEnd = true;
        (table, route) = (_shard.Vpn, Route.None);
        return false;
    }

    private bool IsFeasible(int path) => _shard.Paths[path].Infeasible == RejectReason.None;

    private bool IsOneRow(int path, int other) =>
        _shard.Paths[path].Label == _shard.Paths[other].Label && _shard.PathIdOf(path) == _shard.PathIdOf(other);

    private int FindAccepted(RouteTable table, in RouteKey key, Peer peer, uint pathId)
    {
        var route = table.Find(key);
        var path = route == Route.None ? Path.None : _shard.FindOf(table, route, peer, pathId);
        return path != Path.None && IsFeasible(path) ? path : Path.None;
    }

    private void AppendReceived(RouteTable table, int path, bool isPostPolicy, UpdateBatch batch)
    {
        var set = isPostPolicy ? _shard.Paths[path].Attributes : _shard.ReceivedSetOf(path);
        Append(table, path, Copies.Append(set, batch), new PeerId(_shard.Paths[path].Source), _shard.PathIdOf(path), batch);
    }

    private void Append(RouteTable table, int path, ExportedAttributes attributes, PeerId source, uint pathId, UpdateBatch batch)
    {
        var first = batch.PathCount;
        AppendPath(table, path, attributes, source, batch);
        batch.Add(UpdateOf(table, path, first, pathId, batch));
    }

    private void AppendPath(RouteTable table, int path, ExportedAttributes attributes, PeerId source, UpdateBatch batch)
    {
        var label = table.HasEvpnRoutes ? default : new MplsLabel(_shard.Paths[path].Label);
        batch.Add(new AdvertisedPath(attributes, label, _shard.RdOf(path), source));
    }

    /// <summary>The update for the paths of the batch from the first one on, which are paths of one route with one label.</summary>
    private RouteUpdate UpdateOf(RouteTable table, int path, int first, uint pathId, UpdateBatch batch)
    {
        var key = RouteKey.Of(table[_shard.Paths[path].Route]);
        var family = RouteFamilies.Of(table.Kind, key.Kind);
        return new RouteUpdate
        {
            Kind = UpdateKind.Advertise,
            Table = table.Kind,
            Key = key,
            Family = family,
            FirstPath = first,
            PathCount = batch.PathCount - first,
            PathId = pathId,
            EvpnRoute = key.IsEvpn ? batch.Add(_shard.EvpnRoutes.RouteOf(key, _shard.Paths[path].Label)) : 0,
        };
    }

    private static RouteUpdate Withdrawal(AddressFamily family, in RouteKey key, uint pathId, UpdateBatch batch) =>
        new()
        {
            Kind = UpdateKind.Withdraw,
            Table = RouteFamilies.TableOf(family),
            Key = key,
            Family = family,
            FirstPath = batch.PathCount,
            PathId = pathId,
        };
}
