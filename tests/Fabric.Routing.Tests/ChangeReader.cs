namespace Fabric.Routing.Tests;

/// <summary>Reads the changes of a RIB and keeps what they make of its tables; a change that does not fit what it has is a fault.</summary>
internal sealed class ChangeReader
{
    private readonly RoutingCore _core;
    private readonly List<PathChange> _changes = [];

    public ChangeReader(RoutingCore core, bool isBestOnly = false)
    {
        _core = core;
        core.WatchRoutes(isBestOnly);
    }

    /// <summary>"VRF or table|route|peer#identifier|RD of import" and what the path is.</summary>
    public SortedDictionary<string, string> Held { get; } = new(StringComparer.Ordinal);

    /// <summary>A line for each change: "+", "~" or "-", where, route, peer.</summary>
    public List<string> Lines { get; } = [];

    public List<PathChange> Changes { get; } = [];

    /// <summary>The lines of what has changed since the last call.</summary>
    public string[] Read()
    {
        Lines.Clear();
        while (Read(3)) { }

        _core.Sweep(int.MaxValue);
        return [.. Lines];
    }

    /// <summary>Looks at so many paths; false when nothing is left.</summary>
    public bool Read(int maxPaths)
    {
        _changes.Clear();
        var looked = _core.ReadChanges(_changes, maxPaths);
        Assert.That(looked, Is.LessThanOrEqualTo(maxPaths));
        Assert.That(_core.HasChanges || looked <= maxPaths);
        foreach (var change in _changes)
        {
            Changes.Add(change);
            Take(change);
        }

        return looked > 0;
    }

    /// <summary>What is to be held of the tables as they are now.</summary>
    public static SortedDictionary<string, string> TablesOf(RoutingCore core, bool isBestOnly = false)
    {
        var tables = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("Vpn", core.VpnRoutes);
        Add("Membership", core.Memberships);
        foreach (var vrf in core.Vrfs)
        {
            Add(vrf.Name, core.VrfRoutes(vrf.Name));
            Add(vrf.Name, core.VrfEvpnRoutes(vrf.Name));
        }

        return tables;

        void Add(string table, IEnumerable<RouteView> routes)
        {
            foreach (var route in routes)
            {
                foreach (var path in route.Paths.Where(path => path.IsFeasible && (path.IsBest || !isBestOnly)))
                {
                    var name = Name(table, route.Evpn?.ToString() ?? route.Key.ToString(), path.Source, path.PathId);
                    tables.Add(
                        $"{name}|{path.ImportedFrom}",
                        $"{Fixture.Describe(path.Attributes, path.Label)} {path.Evpn}{Flags(path.IsBest, path.IsStale)}"
                    );
                }
            }
        }
    }

    private void Take(PathChange change)
    {
        var route = change.Evpn?.ToString() ?? change.Key.ToString();
        var name = Name(change.Vrf ?? change.Table.ToString(), route, change.Peer.Name, change.PathId);
        var key = $"{name}|{(change.ImportedFrom is null ? null : change.ImportedRd)}";
        Lines.Add($"{"+~-"[(int)change.Kind]}{change.Vrf ?? change.Table.ToString()} {route} {change.Peer.Name}");
        Assert.That(Held.ContainsKey(key), Is.EqualTo(change.Kind != PathChangeKind.Added), $"{change.Kind} {key}");
        if (change.Kind == PathChangeKind.Withdrawn)
        {
            Held.Remove(key);
        }
        else
        {
            Held[key] = $"{Fixture.Describe(change.Attributes!, change.Label)} {change.EvpnData}{Flags(change.IsBest, change.IsStale)}";
        }
    }

    private static string Name(string table, string route, string peer, uint pathId) => $"{table}|{route}|{peer}#{pathId}";

    private static string Flags(bool isBest, bool isStale) => (isBest ? " best" : "") + (isStale ? " stale" : "");
}
