using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Changes of paths for a reader that follows at its own pace: those that it has not read yet coalesce.</summary>
internal sealed partial class RouteShard
{
    private RouteWatch? _watch;
    private int _bestBefore;

    public RouteWatch? RouteWatch => _watch;

    public long WatchMemoryBytes => _watch?.MemoryBytes ?? 0;

    /// <summary>From now on changes are noted; all that is there is new to the reader.</summary>
    public void Watch(bool isBestOnly)
    {
        _watch = new RouteWatch(isBestOnly);
        for (var path = 0; path < Paths.Extent; path++)
        {
            if (Paths[path].Is(PathFlags.Live))
            {
                Note(path);
            }
        }
    }

    /// <summary>Whether the number of a peer that is gone is still needed.</summary>
    public bool IsKept(int peer) => _watch?.Departed.ContainsKey(peer) == true;

    /// <summary>The peer is about to go.</summary>
    public void KeepNumber(Peer peer)
    {
        if (peer.EndingPaths > 0)
        {
            _watch!.Departed.Add(peer.Id.Value, peer);
        }
    }

    /// <summary>Reads the next changes; looks at so many paths and routes at most.</summary>
    /// <returns>At how many; 0: there was nothing to be read.</returns>
    public int ReadChanges(List<PathChange> changes, int max)
    {
        var watch = _watch!;
        var looked = 0;
        for (; looked < max && watch.Ended.Count > 0; looked++)
        {
            ReadEnd(watch, watch.Ended.Take(), changes);
        }

        for (; looked < max && watch.Ended.Count == 0 && watch.Ending.Count > 0; looked++)
        {
            ReleaseEnding(watch, watch.Ending[^1]);
        }

        for (; looked < max && watch.Changed.Count > 0; looked++)
        {
            ReadChange(watch, watch.Changed.Take(), changes);
        }

        return looked;
    }

    private void Note(int path) => _watch?.Note(path);

    private void NoteBest(int best)
    {
        if (_watch is null || best == _bestBefore)
        {
            return;
        }

        // The former one may be gone, and its place not taken again yet.
        if (_bestBefore != Path.None && Paths[_bestBefore].Is(PathFlags.Live))
        {
            Note(_bestBefore);
        }

        if (best != Path.None)
        {
            Note(best);
        }
    }

    /// <summary>A path's staleness is that of all that came from it.</summary>
    private void NoteStaleness(int path)
    {
        if (_watch is null)
        {
            return;
        }

        Note(path);
        ref var noted = ref Paths[path];
        if (noted.Is(PathFlags.Primary) && noted.Origin != Path.None)
        {
            NoteStaleness(noted.Origin);
        }
        else if (!noted.Is(PathFlags.Primary | PathFlags.Imported))
        {
            for (var import = noted.Imports; import != Path.None; import = Paths[import].Imports)
            {
                Note(import);
            }
        }
    }

    /// <summary>A path that goes stays by its names if its end has to be said; false: its place is free.</summary>
    private bool TryKeepEnd(RouteTable table, int path)
    {
        if (_watch is not { } watch || !watch.Told.Contains(path))
        {
            return false;
        }

        ref var ended = ref Paths[path];
        ended = PathNames.Of(this, path).KeptIn(ended);
        watch.Told.Remove(path);
        watch.Ended.Add(path);
        _peers[ended.Source]!.EndingPaths++;
        table.Ending ??= new RouteLog();
        if (table.Ending.Count == 0)
        {
            watch.Ending.Add(table);
        }

        table.Ending.Add(ended.Route);
        return true;
    }

    /// <summary>A table that is about to go stays as long as ends of its paths have to be said.</summary>
    private bool KeepsEnds(RouteTable table) => table.Ending is { Count: > 0 } && _watch!.Removed.Add(table);

    private void ReadEnd(RouteWatch watch, int path, List<PathChange> changes)
    {
        ref var ended = ref Paths[path];
        var (table, route, names) = (_tables[ended.Table]!, ended.Route, PathNames.KeptBy(ended));
        var number = ended.Source;
        var peer = watch.Departed.TryGetValue(number, out var departed) ? departed : _peers[number]!;
        var successor = SuccessorOf(table, route, peer, names);
        if (successor != Path.None)
        {
            watch.Told.Add(successor);
        }
        else
        {
            changes.Add(ChangeOf(PathChangeKind.Withdrawn, table, route, peer, names));
        }

        Paths.Free(path);
        if (--peer.EndingPaths == 0)
        {
            watch.Departed.Remove(number);
        }
    }

    private int SuccessorOf(RouteTable table, int route, Peer peer, in PathNames names)
    {
        var path = table[route].FirstPath;
        while (
            path != Path.None
            && (
                _watch!.Told.Contains(path)
                || _peers[Paths[path].Source]!.Definition.Name != peer.Definition.Name
                || PathNames.Of(this, path) != names
            )
        )
        {
            path = Paths[path].Next;
        }

        return path;
    }

    /// <summary>No end is waiting any more: of the routes that stayed for one, those go that nobody else needs.</summary>
    private void ReleaseEnding(RouteWatch watch, RouteTable table)
    {
        Retire(table, table.Ending!.Take());
        if (table.Ending.Count > 0)
        {
            return;
        }

        watch.Ending.Remove(table);
        if (watch.Removed.Remove(table))
        {
            RemoveTable(table.Id);
        }
    }

    private void ReadChange(RouteWatch watch, int index, List<PathChange> changes)
    {
        ref var path = ref Paths[index];
        if (!path.Is(PathFlags.Live))
        {
            return;
        }

        var (table, route, peer) = (_tables[path.Table]!, path.Route, _peers[path.Source]!);
        var wasTold = watch.Told.Contains(index);
        if (path.Infeasible == RejectReason.None && (!watch.IsBestOnly || BestOf(table[route]) == index))
        {
            watch.Told.Add(index);
            var kind = wasTold ? PathChangeKind.Changed : PathChangeKind.Added;
            changes.Add(ChangeOf(kind, table, route, peer, PathNames.Of(this, index), index));
        }
        else if (wasTold)
        {
            watch.Told.Remove(index);
            changes.Add(ChangeOf(PathChangeKind.Withdrawn, table, route, peer, PathNames.Of(this, index)));
        }
    }

    /// <param name="index">The path; none where it is withdrawn.</param>
    private PathChange ChangeOf(PathChangeKind kind, RouteTable table, int route, Peer peer, in PathNames names, int index = Path.None)
    {
        var (key, isThere, hasLabel) = (RouteKey.Of(table[route]), index != Path.None, !table.HasEvpnRoutes);
        ref var path = ref Paths[Math.Max(index, 0)];
        return new PathChange
        {
            Kind = kind,
            Table = table.Kind,
            Vrf = table.Vrf?.Name,
            Family = RouteFamilies.Of(table.Kind, key.Kind),
            Key = key,
            Evpn = key.IsEvpn ? EvpnRoutes.KeyOf(key) : null,
            Peer = peer.Definition,
            PathId = names.PathId,
            ImportedFrom = names.ImportedFrom is { } origin ? _tables[origin]!.Kind : null,
            ImportedRd = names.ImportedRd,
            Attributes = isThere ? Attributes[path.Attributes] : null,
            Label = isThere && hasLabel ? new MplsLabel(path.Label) : default,
            EvpnData = isThere && !hasLabel ? EvpnRoutes.DataOf(path.Label) : null,
            IsBest = isThere && BestOf(table[route]) == index,
            IsStale = isThere && OwnerOf(index).Is(PathFlags.Stale),
        };
    }

    /// <summary>The path itself, or the one that it is a copy of.</summary>
    public ref Path OwnerOf(int path)
    {
        var owner = Paths[path].Is(PathFlags.Imported) ? Paths[path].Origin : path;
        return ref Paths[Paths[owner].Is(PathFlags.Exported) ? Paths.PrimaryOf(owner) : owner];
    }
}
