namespace Fabric.Routing;

/// <summary>
/// A receiver goes over to a group with other rules. It holds what it was told before, and has to be told of the routes that are something else
/// for it there: nothing instead of something, something instead of nothing, or in another form.
/// </summary>
internal sealed class GroupChange
{
    // Routes in a row that share a set find its form in the batch; now and then the batch begins anew.
    private const int RoutesOfBatch = 1 << 10;

    private readonly UpdateBatch _batch = new();

    public void TakeOver(
        (AdjRibOut Rib, IExportPolicy Policy, ulong Receiver) former,
        (AdjRibOut Rib, IExportPolicy Policy, ulong Receiver) latter
    )
    {
        var table = latter.Rib.Table;
        for (var route = 0; route < table.Extent; route++)
        {
            if (!table.IsLive(route))
            {
                continue;
            }

            var isHeld = former.Rib.IsAnnounced(route, former.Receiver);
            if (isHeld)
            {
                latter.Rib.SetAnnounced(route, latter.Receiver, latter.Receiver);
            }

            if (latter.Rib.TakesSeveral(table[route].Kind))
            {
                latter.Rib.Several!.TakeOver(route, latter.Receiver, former.Rib.Several!, former.Receiver);
                latter.Rib.Mark(route, latter.Receiver);
                continue;
            }

            if (former.Rib.IsPending(route, former.Receiver) || IsDifferent(table[route], route, isHeld, former.Policy, latter))
            {
                latter.Rib.Mark(route, latter.Receiver);
            }

            if (route % RoutesOfBatch == 0)
            {
                _batch.Clear();
            }
        }
    }

    private bool IsDifferent(
        in Route route,
        int index,
        bool isHeld,
        IExportPolicy former,
        (AdjRibOut Rib, IExportPolicy Policy, ulong Receiver) latter
    )
    {
        var isEligible = latter.Rib.IsFeasible(index) && latter.Policy.Eligible(route, latter.Receiver) != 0;
        return isEligible != isHeld || isHeld && IsOtherForm(route, former, latter.Policy);
    }

    // What the receiver holds is the route as it is now in the former group's form, since nothing is pending.
    private bool IsOtherForm(in Route route, IExportPolicy former, IExportPolicy latter)
    {
        var first = _batch.PathCount;
        former.AppendPaths(route, _batch);
        var second = _batch.PathCount;
        latter.AppendPaths(route, _batch);
        var held = _batch.Paths[first..second];
        var wanted = _batch.Paths[second..];
        if (held.Length != wanted.Length)
        {
            return true;
        }

        for (var i = 0; i < held.Length; i++)
        {
            if (
                held[i] with { Attributes = default } != wanted[i] with { Attributes = default }
                || !_batch.StoredAttributesOf(held[i]).SequenceEqual(_batch.StoredAttributesOf(wanted[i]))
            )
            {
                return true;
            }
        }

        return false;
    }
}
