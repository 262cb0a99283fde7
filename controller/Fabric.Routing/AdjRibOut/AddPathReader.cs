using System.Runtime.InteropServices;

namespace Fabric.Routing;

/// <summary>
/// Tells the receivers of a group all feasible paths of a route that they may have, or the best ones up to a limit (RFC 7911), in families for which they take several. A path's
/// identifier is its place in the pool and one, which stays as long as the path. Updates are put in order before they go into a batch, so that those that
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
    private readonly List<(uint PathId, ulong Receivers)> _held = [];

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
        _announced.Collect(index, pending, _held);
        _announced.Remove(index, pending);
        var quota = new PathQuota(LimitOf(route.Kind));
        for (var path = shard.BestOf(route); path != Path.None && (pending & ~quota.Full) != 0; path = shard.Paths[path].Next)
        {
            ref var candidate = ref shard.Paths[path];
            if (candidate.Infeasible != RejectReason.None)
            {
                break;
            }

            var receivers = policy.Eligible(route, path, pending & ~quota.Full);
            if (receivers != 0)
            {
                var pathId = (uint)path + 1;
                _told.Add(new Told(UpdateKind.Advertise, receivers, candidate.Attributes, candidate.Source, index, pathId));
                _announced.Add(index, pathId, receivers);
                holding |= receivers;
                quota.Count(receivers);
                KeepHeld(pathId, receivers);
            }
        }

        foreach (var (pathId, receivers) in _held)
        {
            if (receivers != 0)
            {
                _told.Add(new Told(UpdateKind.Withdraw, receivers, 0, 0, index, pathId));
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
        foreach (var (pathId, _) in _held)
        {
            _announced.Add(route, pathId, receiver);
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
