using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>
/// Owned by one routing loop. A slice of every table, by the prefix without its RD, so that VRF route, VPN copy and imports into other VRFs stay
/// inside one shard. There is one for now, with all prefixes.
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
    private readonly RoutingOptions _options;
    private readonly List<Peer?> _peers;
    private readonly ImportIndex _imports;
    private readonly PathSelection _selection;
    private readonly List<RouteTable?> _tables = [];
    private readonly Stack<int> _freeTables = [];

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

    /// <inheritdoc cref="RoutingCore.HoldEndOfRib"/>
    public bool HoldsEndOfRib { get; set; }

    public PathPool Paths { get; } = new();

    public AttributeTable Attributes { get; }

    public RouteTable Vpn { get; }

    public RouteTable Memberships { get; }

    public RouteTable Unicast { get; }

    public RouteTable Labelled { get; }

    public RouteTable Evpn { get; }

    public IEnumerable<RouteTable> Tables => _tables.OfType<RouteTable>();

    /// <summary>None before the VRF has a definition, an admitted subscriber or a route.</summary>
    public RouteTable? FindTable(Vrf vrf) => vrf.TableId == Vrf.None ? null : _tables[vrf.TableId];

    public RouteTable TableOf(Vrf vrf) => FindTable(vrf) ?? AddTable(vrf);

    /// <summary>The table of a kind of which there is one.</summary>
    public RouteTable TableOf(RouteTableKind kind) => _tables.Find(table => table?.Kind == kind)!;

    private RouteTable AddTable(RouteTableKind kind, EvpnRoutes? evpn = null)
    {
        var table = new RouteTable(kind, _tables.Count, evpn: evpn);
        _tables.Add(table);
        return table;
    }

    public void RemoveTables(Vrf vrf)
    {
        foreach (var id in (ReadOnlySpan<int>)[vrf.TableId, vrf.EvpnTableId])
        {
            if (id != Vrf.None)
            {
                RemoveTable(id);
            }
        }
    }

    private RouteTable AddTable(Vrf vrf)
    {
        vrf.TableId = FreeTableId();
        return _tables[vrf.TableId] = new RouteTable(RouteTableKind.Vrf, vrf.TableId, vrf);
    }

    private void RemoveTable(int id)
    {
        if (!KeepsEnds(_tables[id]!))
        {
            _tables[id]!.Free();
            _tables[id] = null;
            _freeTables.Push(id);
        }
    }

    private int FreeTableId()
    {
        if (_freeTables.TryPop(out var id))
        {
            return id;
        }

        _tables.Add(null);
        return _tables.Count - 1;
    }

    /// <summary>What the decision process sees of a path.</summary>
    public PathCandidate CandidateOf(int path) => CandidateOf(path, HolderOf(path));

    private PathCandidate CandidateOf(int path, IpAddress holder)
    {
        ref var candidate = ref Paths[path];
        var source = _peers[candidate.Source]!.Definition;
        var isImported = candidate.Is(PathFlags.Imported);
        var origin = isImported ? candidate.Origin : path;

        return new PathCandidate(
            Attributes[candidate.Attributes],
            source.Kind,
            source.RouterId,
            source.Address,
            candidate.Infeasible,
            candidate.Is(PathFlags.LongLivedStale),
            isImported ? RdOf(origin) : default,
            Paths[origin].Is(PathFlags.Exported) ? _tables[Paths[Paths.PrimaryOf(origin)].Table]!.Vrf!.Name : null,
            _tables[Paths[origin].Table]!.HasEvpnRoutes,
            PathIdOf(origin),
            holder
        );
    }

    /// <summary>The RD of a path's route.</summary>
    public RouteDistinguisher RdOf(int path) => new(_tables[Paths[path].Table]![Paths[path].Route].Rd);

    /// <summary>The best path, or none if the route has no feasible one.</summary>
    public int BestOf(in Route route) =>
        route.FirstPath != Path.None && Paths[route.FirstPath].Infeasible == RejectReason.None ? route.FirstPath : Path.None;

    /// <summary>The feasible path of the same route that goes behind this one; none behind the last.</summary>
    public int NextFeasible(int path) =>
        Paths[path].Next is var next and not Path.None && Paths[next].Infeasible == RejectReason.None ? next : Path.None;

    /// <summary>Routes with equal keys can share an UPDATE; zero for what has to be withdrawn.</summary>
    public uint PackingKey(RouteTable table, int route) =>
        table.IsLive(route) && BestOf(table[route]) is var best and not Path.None ? (uint)Paths[best].Attributes + 1 : 0;
}
