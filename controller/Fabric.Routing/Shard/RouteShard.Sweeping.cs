namespace Fabric.Routing;

/// <summary>
/// Routes without paths that everybody has heard the end of. They leave their tables when there is nothing to be told any more: whoever waits for
/// withdrawals does not wait for that, and a route that comes back before finds its place.
/// </summary>
internal sealed partial class RouteShard
{
    private readonly Queue<RouteTable> _unswept = new();

    /// <summary>Whether <see cref="Sweep"/> has something to do.</summary>
    public bool HasUnused => _unswept.Count > 0;

    /// <summary>The route has no path, and may be one that nobody needs any more.</summary>
    public void Retire(RouteTable table, int route)
    {
        table.Retire(route);
        if (!table.IsInTurn)
        {
            table.IsInTurn = true;
            _unswept.Enqueue(table);
        }
    }

    /// <summary>Takes routes that nobody needs out of their tables; looks at so many at most.</summary>
    public void Sweep(int max)
    {
        while (max > 0 && _unswept.TryPeek(out var table))
        {
            max -= table.Sweep(max);
            if (!table.HasUnused)
            {
                _unswept.Dequeue();
                table.IsInTurn = false;
            }
        }
    }
}
