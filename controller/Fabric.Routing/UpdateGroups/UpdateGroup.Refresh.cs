using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Routes again for a member that asks (RFC 2918), with marks around them for one that knows those (RFC 7313).</summary>
public sealed partial class UpdateGroup
{
    internal void Refresh(Peer peer, AddressFamily family, bool isMarked)
    {
        var (rib, _) = _ribs.Find(r => r.Policy.Families.Contains(family));
        if (rib is null)
        {
            return;
        }

        if (isMarked)
        {
            rib.Refreshes.Ask(family, BitOf(peer));
        }
        else
        {
            MarkAll(rib, family, BitOf(peer));
        }

        Notify();
    }

    // RFC 7313 section 4: not before End-of-RIB.
    private void BeginRefreshes(AdjRibOut rib, UpdateBatch batch)
    {
        var ready = Receivers & ~Blocked & ~rib.EndOfRibDue;
        while (rib.Refreshes.Begin(ready, out var family) is var begun and not 0)
        {
            Add(batch, UpdateKind.BeginOfRefresh, rib, begun, family);
            MarkAll(rib, family, begun);
        }
    }

    /// <summary>When nothing is pending any more for those who can take it.</summary>
    private void EndRefreshes(AdjRibOut rib, UpdateBatch batch)
    {
        while (rib.Refreshes.End(Receivers & ~Blocked, out var family) is var ended and not 0)
        {
            Add(batch, UpdateKind.EndOfRefresh, rib, ended, family);
        }
    }

    private static void MarkAll(AdjRibOut rib, AddressFamily family, ulong receivers)
    {
        for (var route = 0; route < rib.Table.Extent; route++)
        {
            if (rib.Table.IsLive(route) && RouteFamilies.Of(rib.Table.Kind, rib.Table[route].Kind) == family)
            {
                rib.Mark(route, receivers);
            }
        }
    }
}
