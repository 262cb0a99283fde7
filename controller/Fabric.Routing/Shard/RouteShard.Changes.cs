using System.Runtime.InteropServices;

namespace Fabric.Routing;

/// <summary>What a change of a route's paths makes of the route, and who has to hear of it.</summary>
internal sealed partial class RouteShard
{
    /// <summary>What receivers can see of one path; its index only where they take several, as it makes the path's identifier.</summary>
    private readonly record struct Visible(int Attributes, uint Label, ushort Source, bool IsLongLivedStale, int Index = Path.None);

    private readonly List<Visible> _before = [];
    private readonly List<Visible> _after = [];

    private void Begin(RouteTable table, int route)
    {
        _bestBefore = BestOf(table[route]);
        See(table, route, _before);
    }

    /// <param name="changed">The path that has changed or come; none where one has gone.</param>
    private void Commit(RouteTable table, int route, int changed)
    {
        _selection.Select(ref table[route]);
        NoteBest(BestOf(table[route]));
        See(table, route, _after);
        var before = CollectionsMarshal.AsSpan(_before);
        var after = CollectionsMarshal.AsSpan(_after);
        if (!before.SequenceEqual(after))
        {
            // What is seen is the best path first, if there is one.
            table.CountBest(table[route].Kind, (after.IsEmpty ? 0 : 1) - (before.IsEmpty ? 0 : 1));
            var isSameBest = table.ShowsAllPaths && !before.IsEmpty && !after.IsEmpty && before[0] == after[0];
            foreach (var rib in table.Outs)
            {
                if (!isSameBest || rib.TakesSeveral(table[route].Kind))
                {
                    rib.MarkPath(route, changed);
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
    }

    /// <summary>The route has got its first path: there is nothing to choose from, and all that can be seen of it is new.</summary>
    private void Start(RouteTable table, int route, int path)
    {
        _selection.Select(ref table[route]);
        if (Paths[path].Infeasible == RejectReason.None)
        {
            table.CountBest(table[route].Kind, 1);
            foreach (var rib in table.Outs)
            {
                rib.Mark(route);
            }
        }

        if (table.HasRouteTargets)
        {
            SyncImports(path);
        }
    }

    /// <summary>The route has lost its last path: those who hold it have to hear of that.</summary>
    private void End(RouteTable table, int route)
    {
        var isHeld = table.Ending?.Contains(route) == true;
        foreach (var rib in table.Outs)
        {
            isHeld |= rib.MarkEnd(route);
        }

        if (!isHeld)
        {
            Retire(table, route);
        }
    }

    /// <summary>
    /// Lists what receivers see: all equal paths in a VRF, all feasible ones where some receiver takes several, else the best; of a membership
    /// more.
    /// </summary>
    private void See(RouteTable table, int route, List<Visible> seen)
    {
        seen.Clear();
        var first = table[route].FirstPath;
        if (table.Kind == RouteTableKind.Membership)
        {
            SeeMembership(BestOf(table[route]), seen);
            return;
        }

        for (var path = first; path != Path.None; path = Paths[path].Next)
        {
            ref var visible = ref Paths[path];
            if (!visible.Is(PathFlags.Equal) && !(table.ShowsAllPaths && visible.Infeasible == RejectReason.None))
            {
                continue;
            }

            if (path != first && table.Vrf is null && !table.ShowsAllPaths)
            {
                return;
            }

            seen.Add(table.ShowsAllPaths ? VisibleOf(path) with { Index = path } : VisibleOf(path));
        }
    }

    private Visible VisibleOf(int path)
    {
        ref var visible = ref Paths[path];
        return new Visible(visible.Attributes, visible.Label, visible.Source, visible.Is(PathFlags.LongLivedStale));
    }
}
