using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>From VRF to VPN table and on into other VRFs, by route target (RFC 4364 section 4.3).</summary>
internal sealed partial class RouteShard
{
    private readonly List<RouteTable> _importers = [];
    private readonly List<int> _primaries = [];
    private readonly List<int> _carriers = [];
    private long _pass;

    /// <summary>Brings the VPN copy of every route published in the VRF in line with the VRF's definition.</summary>
    public void ExportAll(Vrf vrf)
    {
        // Collected first: an export can change which paths are imported into this very table.
        _primaries.Clear();
        var table = TableOf(vrf);
        for (var route = 0; route < table.Extent; route++)
        {
            for (var path = table.IsLive(route) ? table[route].FirstPath : Path.None; path != Path.None; path = Paths[path].Next)
            {
                if (Paths[path].Is(PathFlags.Primary))
                {
                    _primaries.Add(path);
                }
            }
        }

        foreach (var primary in _primaries)
        {
            Export(primary, vrf, ExportedRd(primary));
        }
    }

    /// <summary>Decides anew, for every VPN route that carries the target, which VRFs import it.</summary>
    public void Reimport(RouteTarget target)
    {
        // Collected first: a policy makes sets, and gives some up.
        _carriers.Clear();
        _carriers.AddRange(Attributes.PathsCarrying(target.Value));
        foreach (var path in _carriers)
        {
            SyncImports(path);
        }
    }

    private RouteDistinguisher ExportedRd(int primary) => new(Vpn[Paths[Paths[primary].Origin].Route].Rd);

    /// <summary>Makes the VPN copy of a primary path. Without VRF or export target it is there, for operators to see, but infeasible.</summary>
    private void Export(int primary, Vrf vrf, RouteDistinguisher rd)
    {
        const PathFlags Staleness = PathFlags.Stale | PathFlags.LongLivedStale;
        ref var source = ref Paths[primary];
        if (source.Origin != Path.None && ExportedRd(primary) != rd)
        {
            var former = source.Origin;
            source.Origin = Path.None;
            RemovePath(former);
        }

        var (attributes, infeasible) = ExportedForm(vrf, source);
        var set = Attributes.Intern(attributes);
        if (source.Origin != Path.None)
        {
            Replace(source.Origin, set, source.Label, infeasible, source.Flags & Staleness);
            return;
        }

        var route = Vpn.FindOrAdd(RouteKey.Vpn(rd, RouteKey.Of(TableOf(vrf)[source.Route]).Prefix));
        Begin(Vpn, route);
        var copy = Add(Vpn, route, _peers[source.Source]!, set, source.Label, infeasible, PathFlags.Exported | source.Flags & Staleness);
        Paths.SetPrimary(copy, primary);
        source.Origin = copy;
        Attributes.Link(copy);
        Commit(Vpn, route, copy);
    }

    private (PathAttributes Attributes, RejectReason Infeasible) ExportedForm(Vrf vrf, in Path primary)
    {
        var attributes = Attributes[primary.Attributes];
        if (vrf.Rules is not { } rules)
        {
            return (attributes, RejectReason.VrfUnknown);
        }

        var outcome = rules.Export(attributes, _peers[primary.Source]!.Definition, RouteOf(TableOf(vrf), primary.Route));
        return (outcome.Attributes, primary.Infeasible != RejectReason.None ? primary.Infeasible : outcome.Reason);
    }

    /// <summary>A reference to the set that a VPN path has in a VRF that imports it. One that the policy rejects is there, for operators to see.</summary>
    private (int Set, RejectReason Infeasible) ImportedForm(Vrf vrf, in Path source)
    {
        if (vrf.Rules!.TakesAll)
        {
            Attributes.AddReference(source.Attributes);
            return (source.Attributes, RejectReason.None);
        }

        var attributes = Attributes[source.Attributes];
        var outcome = vrf.Rules.Import(attributes, _peers[source.Source]!.Definition, RouteOf(_tables[source.Table]!, source.Route));
        return (InternOutcome(source.Attributes, attributes, outcome), outcome.Reason);
    }

    /// <summary>
    /// Makes the imports of a VPN path what they should be now: one in each VRF that imports one of its targets, if the path is among
    /// the best, and none else. It starts from the imports that there are, so that none can be forgotten.
    /// </summary>
    private void SyncImports(int path)
    {
        ref var source = ref Paths[path];
        if (source.Imports == Path.None && _imports.IsEmpty)
        {
            return;
        }

        _pass += 2;
        CollectImporters(path);
        var previous = Path.None;
        for (var import = source.Imports; import != Path.None; )
        {
            var next = Paths[import].Imports;
            var table = _tables[Paths[import].Table]!;
            if (table.ImportPass == _pass)
            {
                table.ImportPass = _pass + 1;
                Update(import, table, source);
                previous = import;
            }
            else
            {
                (previous == Path.None ? ref source.Imports : ref Paths[previous].Imports) = next;
                Detach(table, import);
            }

            import = next;
        }

        foreach (var table in _importers)
        {
            if (table.ImportPass == _pass)
            {
                Import(path, table);
            }
        }
    }

    private void CollectImporters(int path)
    {
        _importers.Clear();
        ref var source = ref Paths[path];
        if (!source.Is(PathFlags.Equal))
        {
            return;
        }

        var home = source.Is(PathFlags.Exported) ? _tables[Paths[Paths.PrimaryOf(path)].Table]!.Vrf : null;
        foreach (var community in Attributes.ExtendedCommunitiesOf(source.Attributes))
        {
            if (!community.IsRouteTarget || _imports.ImportersOf(community.Value) is not { } importers)
            {
                continue;
            }

            foreach (var vrf in importers)
            {
                if (vrf != home)
                {
                    CollectTables(source, vrf);
                }
            }
        }
    }

    private void Import(int path, RouteTable table)
    {
        ref var source = ref Paths[path];
        var route = table.FindOrAdd(ImportedKey(source, table));
        Begin(table, route);
        var (set, infeasible) = ImportedForm(table.Vrf!, source);
        var label = ImportedLabel(source, table);
        var flags = PathFlags.Imported | source.Flags & PathFlags.LongLivedStale;
        var import = Add(table, route, _peers[source.Source]!, set, label, infeasible, flags);
        Paths[import].Origin = path;
        Paths[import].Imports = source.Imports;
        source.Imports = import;
        Commit(table, route, import);
    }

    private void Update(int import, RouteTable table, in Path source)
    {
        var (set, infeasible) = ImportedForm(table.Vrf!, source);
        Replace(import, set, ImportedLabel(source, table), infeasible, source.Flags & PathFlags.LongLivedStale);
    }

    private void DropImports(int path)
    {
        for (var import = Paths[path].Imports; import != Path.None; import = Paths[path].Imports)
        {
            Paths[path].Imports = Paths[import].Imports;
            Detach(_tables[Paths[import].Table]!, import);
        }
    }
}
