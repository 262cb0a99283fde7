namespace Fabric.Routing;

/// <summary>A peer's list of its own paths. Copies and imports stand in none: they go with the path they came from.</summary>
internal sealed partial class RouteShard
{
    private void Enlist(int path)
    {
        ref var own = ref Paths[path];
        if (!own.Is(PathFlags.Imported | PathFlags.Exported))
        {
            _peers[own.Source]!.Paths.Add(path, FamilyOf(path), own.Infeasible == RejectReason.None);
        }
    }

    private void Delist(int path)
    {
        ref var own = ref Paths[path];
        if (!own.Is(PathFlags.Imported | PathFlags.Exported))
        {
            _peers[own.Source]!.Paths.Remove(path, FamilyOf(path), own.Infeasible == RejectReason.None, own.Is(PathFlags.Stale));
        }
    }

    /// <summary>The path is about to become feasible, or to cease to be.</summary>
    private void Recount(int path, RejectReason infeasible)
    {
        ref var own = ref Paths[path];
        var isAccepted = infeasible == RejectReason.None;
        if (isAccepted != (own.Infeasible == RejectReason.None) && !own.Is(PathFlags.Imported | PathFlags.Exported))
        {
            _peers[own.Source]!.Paths.Judge(FamilyOf(path), isAccepted);
        }
    }

    /// <summary>The path is about to become stale, or to cease to be.</summary>
    private void Age(int path, bool isStale)
    {
        ref var own = ref Paths[path];
        if (isStale != own.Is(PathFlags.Stale) && !own.Is(PathFlags.Imported | PathFlags.Exported))
        {
            _peers[own.Source]!.Paths.Age(FamilyOf(path), isStale);
        }
    }
}
