using System.Runtime.InteropServices;

namespace Fabric.Routing;

/// <summary>
/// Tells the receivers of a group all feasible paths of a route that they may have, or the best ones up to a limit (RFC 7911), in families for which they take several. A path's
/// identifier is its place in the pool and one, which stays as long as the path. Of a route's paths those are told that the receiver does not hold as they
/// are: what n peers say one after the other is n announcements. Updates are put in order before they go into a batch, so that those that
/// can share an UPDATE stand together: a receiver is not told its own paths, so the receivers differ from path to path.
/// </summary>
internal sealed class AddPathReader(RouteShard shard, UpdateGroup group, AdjRibOut rib, RouteExportPolicy policy)
{
    private readonly record struct Told(UpdateKind Kind, ulong Receivers, int Set, ushort Source, int Route, uint PathId)
    {
        /// <summary>Withdrawals first.</summary>
        public (bool, ulong, int, ushort, int, uint) Order => (Kind == UpdateKind.Advertise, Receivers, Set, Source, Route, PathId);
    }

    private readonly AnnouncedPaths _announced = new();
    private readonly List<Told> _told = [];
    private readonly List<(int Route, ulong Pending, ulong Holding)> _routes = [];
    private readonly List<HeldPath> _held = [];

    /// <summary>Updates that the next <see cref="Flush"/> brings.</summary>
    public int Count => _told.Count;

    public long MemoryBytes => _announced.MemoryBytes;

    public bool Takes(RouteKind kind) => group.Policy.AddPath.Contains(RouteFamilies.Of(rib.Table.Kind, kind));

    /// <summary>Works out what the receivers are to be told of the route.</summary>
    public void Read(int index, ulong pending)
    {
        ref var route = ref rib.Table[index];
        var holding = 0UL;
        _held.Clear();
        _announced.Take(index, pending, _held);
        var quota = new PathQuota(LimitOf(route.Kind));
        for (var path = shard.BestOf(route); path != Path.None && (pending & ~quota.Full) != 0; path = shard.NextFeasible(path))
        {
            var pathId = (uint)path + 1;
            var open = pending & ~quota.Full;

            // Whoever holds the path as it is may hold it still: whatever else decides about that outdates it.
            var current = CurrentOf(pathId) & open;
            var told = current == open ? 0 : policy.Eligible(route, path, open & ~current);
            if (told != 0)
            {
                ref var candidate = ref shard.Paths[path];
                _told.Add(new Told(UpdateKind.Advertise, told, candidate.Attributes, candidate.Source, index, pathId));
            }

            var receivers = current | told;
            if (receivers != 0)
            {
                _announced.Add(index, pathId, receivers);
                holding |= receivers;
                quota.Count(receivers);
                KeepHeld(pathId, receivers);
            }
        }

        foreach (var held in _held)
        {
            if (held.Receivers != 0)
            {
                _told.Add(new Told(UpdateKind.Withdraw, held.Receivers, 0, 0, index, held.PathId));
            }
        }

        _routes.Add((index, pending, holding));
    }

    public void Flush(UpdateBatch batch)
    {
        var told = CollectionsMarshal.AsSpan(_told);
        told.Sort(static (a, b) => a.Order.CompareTo(b.Order));
        foreach (ref readonly var update in told)
        {
            var (first, label) = (batch.PathCount, 0u);
            if (update.Kind == UpdateKind.Advertise)
            {
                var path = (int)update.PathId - 1;
                label = shard.Paths[path].Label;
                policy.AppendPath(rib.Table[update.Route], path, batch);
            }

            group.Add(batch, update.Kind, rib, update.Receivers, rib.Table[update.Route], first, label, update.PathId);
        }

        // Only now, since a route that nobody holds any more goes, and numbers in its key with it.
        foreach (var (route, pending, holding) in _routes)
        {
            rib.SetAnnounced(route, pending, holding);
        }

        _told.Clear();
        _routes.Clear();
    }

    /// <summary>The path is something else now, or new at its place.</summary>
    public void Outdate(int route, int path) => _announced.Outdate(route, (uint)path + 1);

    /// <summary>The receivers are told of all paths that they may have, also of those that they hold as they are.</summary>
    public void OutdateAll(int route, ulong receivers) => _announced.OutdateAll(route, receivers);

    /// <summary>The paths of the route that the receiver holds, by their identifiers; some may be gone since.</summary>
    public uint[] HeldBy(int route, ulong receiver)
    {
        _held.Clear();
        _announced.Collect(route, receiver, _held);
        return [.. _held.Select(held => held.PathId).Order()];
    }

    /// <summary>The receiver is gone.</summary>
    public void Leave(int route, ulong receiver) => _announced.Remove(route, receiver);

    /// <summary>The receiver comes from another group, and holds what it was told there.</summary>
    public void TakeOver(int route, ulong receiver, AddPathReader former, ulong formerReceiver)
    {
        _held.Clear();
        former._announced.Collect(route, formerReceiver, _held);
        foreach (var held in _held)
        {
            _announced.Add(route, held.PathId, receiver);
        }
    }

    public void Free() => _announced.Free();

    private byte? LimitOf(RouteKind kind)
    {
        var family = RouteFamilies.Of(rib.Table.Kind, kind);
        foreach (var limit in group.Policy.PathLimits)
        {
            if (limit.Family == family)
            {
                return limit.Limit;
            }
        }

        return null;
    }

    /// <summary>Those of the receivers to be told who hold the path as it is.</summary>
    private ulong CurrentOf(uint pathId)
    {
        foreach (ref readonly var held in CollectionsMarshal.AsSpan(_held))
        {
            if (held.PathId == pathId)
            {
                return held.Receivers & ~held.Outdated;
            }
        }

        return 0;
    }

    private void KeepHeld(uint pathId, ulong receivers)
    {
        foreach (ref var held in CollectionsMarshal.AsSpan(_held))
        {
            if (held.PathId == pathId)
            {
                held.Receivers &= ~receivers;
            }
        }
    }
}
