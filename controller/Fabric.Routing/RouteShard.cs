using System.Runtime.InteropServices;
using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>
/// Owned by one routing loop. A slice of every table, by a hash of the prefix without its RD (<see cref="RouteTable.ShardHash"/>), so that
/// VRF route, VPN copy and imports into other VRFs stay inside one shard. There is one shard for now.
/// <code>
/// agent  -> VRF table (primary) -> VPN table (exported: + export targets) -+-> every importing VRF's table (imported) -> agents
/// BGP    --------------------------> VPN table ----------------------------+-> BGP peers
/// BGP    --------------------------> EVPN table ---> importing VRFs' EVPN tables, and prefixes (type 5) like VPN routes
/// BGP    --------------------------> unicast, labelled, memberships ---------> BGP peers
/// </code>
/// Every change runs between <see cref="Begin"/> and <see cref="Commit"/>: select, tell the Adj-RIBs-Out if what they show has
/// changed, then bring the imports in line. Nothing is remembered but the paths themselves, so a table is a function of its inputs.
/// </summary>
internal sealed partial class RouteShard
{
    /// <summary>What receivers can see of one path; its index only where they take several, as it makes the path's identifier.</summary>
    private readonly record struct Visible(int Attributes, uint Label, ushort Source, bool IsLongLivedStale, int Index = Path.None);

    private readonly RoutingOptions _options;
    private readonly List<Peer?> _peers;
    private readonly ImportIndex _imports;
    private readonly PathSelection _selection;
    private readonly List<Visible> _before = [];
    private readonly List<Visible> _after = [];
    private readonly List<RouteTable?> _tables = [];

    public RouteShard(RoutingOptions options, List<Peer?> peers, ImportIndex imports)
    {
        _options = options;
        _peers = peers;
        _imports = imports;
        Attributes = new AttributeTable(Paths);
        _received = new ReceivedSets(Attributes);
        _selection = new PathSelection(Paths, CandidateOf, options.AlwaysCompareMed);
        Vpn = AddTable(RouteTableKind.Vpn);
        Memberships = AddTable(RouteTableKind.Membership);
        Unicast = AddTable(RouteTableKind.Unicast);
        Labelled = AddTable(RouteTableKind.Labelled);
        Evpn = AddTable(RouteTableKind.Evpn, EvpnRoutes);
    }

    public PathPool Paths { get; } = new();

    public AttributeTable Attributes { get; }

    public RouteTable Vpn { get; }

    public RouteTable Memberships { get; }

    public RouteTable Unicast { get; }

    public RouteTable Labelled { get; }

    public RouteTable Evpn { get; }

    public IEnumerable<RouteTable> Tables => _tables.OfType<RouteTable>();

    public RouteTable TableOf(Vrf vrf) => _tables[vrf.TableId]!;

    /// <summary>The table of a kind of which there is one.</summary>
    public RouteTable TableOf(RouteTableKind kind) => _tables.Find(table => table?.Kind == kind)!;

    private RouteTable AddTable(RouteTableKind kind, EvpnRoutes? evpn = null)
    {
        var table = new RouteTable(kind, _tables.Count, evpn: evpn);
        _tables.Add(table);
        return table;
    }

    public Vrf AddVrf(string name)
    {
        var id = FreeTableId();
        var vrf = new Vrf(name, id);
        _tables[id] = new RouteTable(RouteTableKind.Vrf, id, vrf);
        return vrf;
    }

    public void RemoveTables(Vrf vrf)
    {
        TableOf(vrf).Free();
        _tables[vrf.TableId] = null;
        if (vrf.EvpnTableId != Vrf.None)
        {
            _tables[vrf.EvpnTableId]!.Free();
            _tables[vrf.EvpnTableId] = null;
        }
    }

    private int FreeTableId()
    {
        var id = _tables.IndexOf(null);
        if (id < 0)
        {
            id = _tables.Count;
            _tables.Add(null);
        }

        return id;
    }

    /// <summary>A BGP peer's or this node's own route in a table that all VRFs share. Takes over the caller's reference to an EVPN label.</summary>
    public void Advertise(RouteTable table, in RouteKey key, Peer source, in OfferedAttributes offered, uint label, uint pathId = 0)
    {
        var accepted = Accept(source, offered, table, key);
        var route = table.FindOrAdd(key);
        var path = FindOf(table, route, source, pathId);
        if (path != Path.None)
        {
            Replace(path, accepted.Set, label, accepted.Infeasible, PathFlags.None);
        }
        else
        {
            Begin(table, route);
            path = Add(table, route, source, accepted.Set, label, accepted.Infeasible, PathFlags.None);
            SetPathId(path, pathId);
            EnterIndexes(table, path);
            Commit(table, route);
        }

        KeepReceived(path, accepted);
    }

    /// <summary>False if the source has no such route.</summary>
    public bool Withdraw(RouteTable table, in RouteKey key, Peer source, uint pathId = 0)
    {
        var route = table.Find(key);
        var path = route == Route.None ? Path.None : FindOf(table, route, source, pathId);
        if (path == Path.None)
        {
            return false;
        }

        RemovePath(path);
        return true;
    }

    /// <summary>An agent's route in a VRF; its copy in the VPN table follows.</summary>
    public void AdvertisePrimary(Vrf vrf, Peer agent, RouteDistinguisher rd, IpPrefix prefix, in OfferedAttributes offered, uint label)
    {
        var table = TableOf(vrf);
        var key = RouteKey.Vrf(prefix);
        var accepted = Accept(agent, offered, table, key);
        var route = table.FindOrAdd(key);
        var path = FindOf(table, route, agent, pathId: 0);
        if (path != Path.None)
        {
            Replace(path, accepted.Set, label, accepted.Infeasible, PathFlags.None);
        }
        else
        {
            Begin(table, route);
            path = Add(table, route, agent, accepted.Set, label, accepted.Infeasible, PathFlags.Primary);
            Commit(table, route);
        }

        KeepReceived(path, accepted);
        Export(path, vrf, rd);
    }

    /// <summary>Removes the path and whatever came from it.</summary>
    public void RemovePath(int path)
    {
        var removed = Paths[path];
        var table = _tables[removed.Table]!;
        if (removed.Is(PathFlags.Primary) && removed.Origin != Path.None)
        {
            RemovePath(removed.Origin);
        }

        if (table.HasRouteTargets)
        {
            DropImports(path);
        }

        LeaveIndexes(table, path);
        Detach(table, path);
    }

    /// <summary>Takes the path out of its route.</summary>
    private void Detach(RouteTable table, int path)
    {
        var (route, next) = (Paths[path].Route, Paths[path].Next);
        Begin(table, route);
        ref var link = ref table[route].FirstPath;
        while (link != path)
        {
            link = ref Paths[link].Next;
        }

        link = next;
        _received.Forget(path);
        Delist(path);
        ReleaseReferences(table, Paths[path].Attributes, Paths[path].Label);
        Paths.Free(path);
        Commit(table, route);
    }

    /// <summary>Gives a path new contents; takes over the caller's references to set and label. Equal contents only lose the marks of staleness.</summary>
    private void Replace(int path, int set, uint label, RejectReason infeasible, PathFlags staleness)
    {
        const PathFlags Staleness = PathFlags.Stale | PathFlags.LongLivedStale;
        ref var replaced = ref Paths[path];
        var flags = replaced.Flags & ~Staleness | staleness;
        var table = _tables[replaced.Table]!;
        var same = replaced.Attributes == set && replaced.Label == label && replaced.Infeasible == infeasible;
        if (same && ((replaced.Flags ^ flags) & PathFlags.LongLivedStale) == PathFlags.None)
        {
            replaced.Flags = flags;
            ReleaseReferences(table, set, label);
            return;
        }

        Begin(table, replaced.Route);
        LeaveIndexes(table, path);
        ReleaseReferences(table, replaced.Attributes, replaced.Label);
        Recount(path, infeasible);
        replaced.Attributes = set;
        replaced.Label = label;
        replaced.Infeasible = infeasible;
        replaced.Flags = flags;
        EnterIndexes(table, path);
        Commit(table, replaced.Route);
    }

    private int Add(RouteTable table, int route, Peer source, int set, uint label, RejectReason infeasible, PathFlags flags)
    {
        var path = Paths.Allocate();
        Paths[path] = new Path
        {
            Attributes = set,
            Label = label,
            Source = source.Id.Value,
            Flags = flags | PathFlags.Live,
            Infeasible = infeasible,
            Table = table.Id,
            Route = route,
            Next = table[route].FirstPath,
            NextOfSet = Path.None,
            PreviousOfSet = Path.None,
            Imports = Path.None,
            Origin = Path.None,
        };
        table[route].FirstPath = path;
        Enlist(path);
        return path;
    }

    private void EnterIndexes(RouteTable table, int path)
    {
        if (table.HasRouteTargets)
        {
            Attributes.Link(path);
        }
        else if (table.Kind == RouteTableKind.Membership)
        {
            EnterFilter(path);
        }
    }

    private void LeaveIndexes(RouteTable table, int path)
    {
        if (table.HasRouteTargets)
        {
            Attributes.Unlink(path);
        }
        else if (table.Kind == RouteTableKind.Membership)
        {
            LeaveFilter(path);
        }
    }

    /// <summary>The path that the source itself advertised, not one imported from it.</summary>
    public int FindOf(RouteTable table, int route, Peer source, uint pathId)
    {
        var path = table[route].FirstPath;
        while (path != Path.None && !(IsOwn(path, source) && PathIdOf(path) == pathId))
        {
            path = Paths[path].Next;
        }

        return path;
    }

    public bool IsOwn(int path, Peer source) =>
        Paths[path].Source == source.Id.Value && !Paths[path].Is(PathFlags.Imported | PathFlags.Exported);

    public int FindPrimary(Vrf vrf, IpPrefix prefix, Peer agent)
    {
        var table = TableOf(vrf);
        var route = table.Find(RouteKey.Vrf(prefix));
        return route == Route.None ? Path.None : FindOf(table, route, agent, pathId: 0);
    }

    private void Begin(RouteTable table, int route) => See(table, route, _before);

    private void Commit(RouteTable table, int route)
    {
        _selection.Select(ref table[route]);
        See(table, route, _after);
        var before = CollectionsMarshal.AsSpan(_before);
        var after = CollectionsMarshal.AsSpan(_after);
        if (!before.SequenceEqual(after))
        {
            var isSameBest = table.ShowsAllPaths && !before.IsEmpty && !after.IsEmpty && before[0] == after[0];
            foreach (var rib in table.Outs)
            {
                if (!isSameBest || rib.TakesSeveral(table[route].Kind))
                {
                    rib.Mark(route);
                }
            }
        }

        if (table.HasRouteTargets)
        {
            for (var path = table[route].FirstPath; path != Path.None; path = Paths[path].Next)
            {
                SyncImports(path);
            }
        }

        ReleaseIfUnused(table, route);
    }

    /// <summary>Frees a route that has no path and that no receiver needs to hear about.</summary>
    public static void ReleaseIfUnused(RouteTable table, int route)
    {
        if (!table.IsLive(route) || table[route].FirstPath != Path.None)
        {
            return;
        }

        foreach (var rib in table.Outs)
        {
            if (rib.NeedsWithdraw(route))
            {
                return;
            }
        }

        table.Remove(route);
    }

    /// <summary>
    /// Lists what receivers see: all equal paths in a VRF, all feasible ones where some receiver takes several, else the best; of a membership
    /// also whether there is a second source.
    /// </summary>
    private void See(RouteTable table, int route, List<Visible> seen)
    {
        seen.Clear();
        var first = table[route].FirstPath;
        for (var path = first; path != Path.None; path = Paths[path].Next)
        {
            ref var visible = ref Paths[path];
            var isSeen = table.Kind == RouteTableKind.Membership || table.ShowsAllPaths;
            if (!visible.Is(PathFlags.Equal) && !(isSeen && visible.Infeasible == RejectReason.None))
            {
                continue;
            }

            if (path == first || table.Vrf is not null || table.ShowsAllPaths)
            {
                var shown = new Visible(visible.Attributes, visible.Label, visible.Source, visible.Is(PathFlags.LongLivedStale));
                seen.Add(table.ShowsAllPaths ? shown with { Index = path } : shown);
            }
            else if (table.Kind == RouteTableKind.Membership && visible.Source != Paths[first].Source)
            {
                seen.Add(new Visible(-1, 0, 0, false));
                return;
            }
            else if (table.Kind != RouteTableKind.Membership)
            {
                return;
            }
        }
    }

    /// <summary>What the decision process sees of a path.</summary>
    public PathCandidate CandidateOf(int path)
    {
        ref var candidate = ref Paths[path];
        var source = _peers[candidate.Source]!.Definition;
        ref var origin = ref candidate;
        var rd = default(RouteDistinguisher);
        if (candidate.Is(PathFlags.Imported))
        {
            origin = ref Paths[candidate.Origin];
            rd = RdOf(candidate.Origin);
        }

        return new PathCandidate(
            Attributes[candidate.Attributes],
            source.Kind,
            source.RouterId,
            source.Address,
            candidate.Infeasible,
            candidate.Is(PathFlags.LongLivedStale),
            rd,
            origin.Is(PathFlags.Exported) ? _tables[Paths[origin.Origin].Table]!.Vrf!.Name : null,
            _tables[origin.Table]!.HasEvpnRoutes,
            PathIdOf(candidate.Is(PathFlags.Imported) ? candidate.Origin : path)
        );
    }

    /// <summary>The RD of a path's route.</summary>
    public RouteDistinguisher RdOf(int path) => new(_tables[Paths[path].Table]![Paths[path].Route].Rd);

    /// <summary>The best path, or none if the route has no feasible one.</summary>
    public int BestOf(in Route route) =>
        route.FirstPath != Path.None && Paths[route.FirstPath].Infeasible == RejectReason.None ? route.FirstPath : Path.None;

    /// <summary>Routes with equal keys can share an UPDATE; zero for what has to be withdrawn.</summary>
    public uint PackingKey(RouteTable table, int route) =>
        table.IsLive(route) && BestOf(table[route]) is var best and not Path.None ? (uint)Paths[best].Attributes + 1 : 0;
}
