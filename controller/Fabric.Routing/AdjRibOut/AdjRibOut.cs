using System.Numerics;

namespace Fabric.Routing;

/// <summary>
/// What the receivers of a group know of one table (RFC 4271 section 3.2), without a copy of it: two bits a route and receiver.
/// <code>
/// announced   the receiver holds this route, so that its end has to be said
/// pending     the receiver has to be told what the route is now
/// </code>
/// Since an update is made from the table at the time it is read, changes coalesce by themselves, and a receiver that takes nothing for
/// hours costs nothing more. Routes with something pending stand in a log, those that only blocked receivers wait for in another one, which
/// is looked through when one of them takes something again.
/// </summary>
internal sealed class AdjRibOut(RouteTable table, UpdateGroup group, RouteShard shard)
{
    // So many routes are brought into the order of their sets at a time: enough to fill UPDATEs, and the order stays in the cache.
    private const int OrderCapacity = 1 << 13;

    private readonly ReceiverBits _pending = new();
    private readonly ReceiverBits _announced = new();

    // Of agents nobody asks; there may be a group for each VRF.
    private readonly AnnouncedCounts? _counts = group.VrfName is null ? new() : null;
    private readonly RouteLog _log = new();
    private readonly RouteLog _held = new();
    private ulong[] _order = [];
    private int _orderCount;
    private int _next;

    public RouteTable Table { get; } = table;

    public UpdateGroup Group { get; } = group;

    /// <summary>None where receivers take the best path alone.</summary>
    public AddPathReader? Several { get; set; }

    /// <summary>The receivers that wait for End-of-RIB.</summary>
    public ulong EndOfRibDue { get; set; }

    /// <summary>The receivers that have asked for routes again.</summary>
    public MarkedRefreshes Refreshes { get; } = new();

    public long MemoryBytes =>
        _pending.MemoryBytes
        + _announced.MemoryBytes
        + _log.MemoryBytes
        + _held.MemoryBytes
        + _order.Length * 8L
        + (Several?.MemoryBytes ?? 0);

    public bool TakesSeveral(RouteKind kind) => Several?.Takes(kind) == true;

    public void Mark(int route) => Mark(route, Group.Receivers);

    /// <summary>The receivers have to be told what the route is, whatever they hold of it.</summary>
    public void Mark(int route, ulong receivers)
    {
        if (receivers == 0)
        {
            return;
        }

        Several?.OutdateAll(route, receivers);
        AddPending(route, receivers);
    }

    /// <summary>One path of the route has changed, has come or, none, has gone; those who take several hold the others as they are.</summary>
    public void MarkPath(int route, int path)
    {
        if (!TakesSeveral(Table[route].Kind))
        {
            Mark(route);
            return;
        }

        if (path != Path.None)
        {
            Several!.Outdate(route, path);
        }

        AddPending(route, Group.Receivers);
    }

    /// <summary>For a route that has lost its last path: those who hold it have to be told, others need not hear of it. Whether somebody holds it.</summary>
    public bool MarkEnd(int route)
    {
        var announced = _announced[route];
        _pending.Set(route, announced);
        Log(route, announced);
        return announced != 0;
    }

    public void MarkAll(ulong receivers)
    {
        for (var route = 0; route < Table.Extent; route++)
        {
            if (Table.IsLive(route))
            {
                Mark(route, receivers);
            }
        }
    }

    /// <summary>The receiver has to be told of what it holds, and of nothing else. Whether it holds anything.</summary>
    public bool MarkHeld(ulong receiver)
    {
        EndOfRibDue &= ~receiver;
        var holdsSomething = false;
        for (var route = 0; route < Table.Extent; route++)
        {
            if (IsAnnounced(route, receiver))
            {
                Mark(route, receiver);
                holdsSomething = true;
            }
            else
            {
                _pending.Remove(route, receiver);
            }
        }

        return holdsSomething;
    }

    public void Join(ulong receiver)
    {
        EndOfRibDue |= receiver;
        MarkAll(receiver);
        Group.Notify();
    }

    public void Leave(ulong receiver)
    {
        EndOfRibDue &= ~receiver;
        Refreshes.Leave(receiver);
        _counts?.Forget(receiver);
        for (var route = 0; route < Table.Extent; route++)
        {
            _pending.Remove(route, receiver);
            _announced.Remove(route, receiver);
            Several?.Leave(route, receiver);
            RetireIfEnded(route);
        }
    }

    /// <summary>Looks again at what passed by a receiver while it was blocked.</summary>
    public void Resume()
    {
        _log.TakeOver(_held);
        Group.Notify();
    }

    /// <summary>For a route without paths: forgets receivers that were never told of it; whether one is left.</summary>
    public bool NeedsWithdraw(int route)
    {
        var announced = _announced[route];
        _pending.Remove(route, ~announced);
        return announced != 0;
    }

    /// <summary>The next logged route with something pending for one of the receivers, in the order of attribute sets, withdrawals first.</summary>
    public bool TryTake(ulong receivers, out int route, out ulong pending, out ulong announced)
    {
        while (_next < _orderCount || Reorder(receivers))
        {
            route = (int)(uint)_order[_next++];
            pending = _pending.Take(route, receivers, out var left);
            Hold(route, left);
            if (pending != 0)
            {
                announced = _announced[route];
                return true;
            }
        }

        (route, pending, announced) = (Route.None, 0, 0);
        return false;
    }

    /// <summary>Whether the receiver has to be told of the route.</summary>
    public bool IsPending(int route, ulong receiver) => (_pending[route] & receiver) != 0;

    /// <summary>Whether the receiver holds the route.</summary>
    public bool IsAnnounced(int route, ulong receiver) => (_announced[route] & receiver) != 0;

    /// <summary>How many routes with such a prefix the receiver in the slot holds; of a group of BGP peers.</summary>
    public int CountAnnounced(int slot, bool ofIpv4) => _counts!.Of(slot, ofIpv4);

    public bool IsFeasible(int route) => Table.IsLive(route) && shard.BestOf(Table[route]) != Path.None;

    public void SetAnnounced(int route, ulong told, ulong holding)
    {
        var former = _announced[route];
        var latter = former & ~told | holding;
        if (former != latter)
        {
            _counts?.Change(Table[route].Kind, former, latter);
            _announced.Set(route, latter);
        }

        RetireIfEnded(route);
    }

    public void Free()
    {
        _pending.Free();
        _announced.Free();
        _log.Free();
        _held.Free();
        Several?.Free();
    }

    private void RetireIfEnded(int route)
    {
        if (Table.IsLive(route) && Table[route].FirstPath == Path.None)
        {
            shard.Retire(Table, route);
        }
    }

    private void AddPending(int route, ulong receivers)
    {
        _pending.Add(route, receivers);
        Log(route, receivers);
    }

    private void Log(int route, ulong receivers)
    {
        if ((receivers & ~Group.Blocked) != 0)
        {
            _log.Add(route);
            Group.Notify();
        }
        else
        {
            Hold(route, receivers);
        }
    }

    private void Hold(int route, ulong blocked)
    {
        if (blocked != 0)
        {
            _held.Add(route);
        }
    }

    /// <summary>
    /// Takes routes that the receivers have to be told of from the log into an order of reading, so that routes with one set stand together and
    /// share UPDATEs.
    /// </summary>
    private bool Reorder(ulong receivers)
    {
        (_next, _orderCount) = (0, 0);
        var room = Math.Min(_log.Count, OrderCapacity);
        if (_order.Length < room)
        {
            _order = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)room)];
        }

        var (last, isOrdered) = (0UL, true);
        while (_orderCount < room && _log.Count > 0)
        {
            var route = _log.Take();
            var pending = _pending[route];
            if ((pending & receivers) == 0)
            {
                Hold(route, pending);
            }
            else
            {
                var item = (ulong)shard.PackingKey(Table, route) << 32 | (uint)route;
                isOrdered &= item > last;
                last = _order[_orderCount++] = item;
            }
        }

        // A table that is loaded stands in this order already.
        if (!isOrdered)
        {
            _order.AsSpan(0, _orderCount).Sort();
        }

        return _orderCount > 0;
    }
}
