using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fabric.Routing;

/// <summary>
/// What the receivers of a group know of one table (RFC 4271 section 3.2), without a copy of it: two bits a route and receiver.
/// <code>
/// announced   the receiver holds this route, so that its end has to be said
/// pending     the receiver has to be told what the route is now
/// </code>
/// Since an update is made from the table at the time it is read, changes coalesce by themselves, and a receiver that takes nothing for
/// hours costs nothing more. Routes with something pending stand in a log; a receiver that was blocked finds its own by its bits.
/// </summary>
internal sealed class AdjRibOut(RouteTable table, UpdateGroup group, RouteShard shard)
{
    private struct Row
    {
        public ulong Pending;
        public ulong Announced;
    }

    private const int KeptCapacity = 1 << 12;

    private Row[] _rows = [];
    private ulong[] _logged = [];
    private readonly List<int> _log = [];
    private ulong[] _order = [];
    private int _orderCount;
    private int _next;

    public RouteTable Table { get; } = table;

    public UpdateGroup Group { get; } = group;

    /// <summary>The receivers that wait for End-of-RIB.</summary>
    public ulong EndOfRibDue { get; set; }

    public bool HasLogged => _next < _orderCount || _log.Count > 0;

    public long MemoryBytes => (long)_rows.Length * Unsafe.SizeOf<Row>() + (_logged.Length + _order.Length) * 8L + _log.Capacity * 4L;

    public void Mark(int route) => Mark(route, Group.Receivers);

    public void Mark(int route, ulong receivers)
    {
        if (receivers == 0)
        {
            return;
        }

        EnsureRow(route);
        _rows[route].Pending |= receivers;
        if ((receivers & ~Group.Blocked) != 0)
        {
            Log(route);
            Group.Notify();
        }
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

    public void Join(ulong receiver)
    {
        EndOfRibDue |= receiver;
        MarkAll(receiver);
        Group.Notify();
    }

    public void Leave(ulong receiver)
    {
        EndOfRibDue &= ~receiver;
        for (var route = 0; route < Math.Min(Table.Extent, _rows.Length); route++)
        {
            ref var row = ref _rows[route];
            row.Pending &= ~receiver;
            row.Announced &= ~receiver;
            RouteShard.ReleaseIfUnused(Table, route);
        }
    }

    /// <summary>Logs again what passed by the receiver while it was blocked.</summary>
    public void Resume(ulong receiver)
    {
        for (var route = 0; route < Math.Min(Table.Extent, _rows.Length); route++)
        {
            if ((_rows[route].Pending & receiver) != 0)
            {
                Log(route);
            }
        }

        Group.Notify();
    }

    /// <summary>For a route without paths: forgets receivers that were never told of it; whether one is left.</summary>
    public bool NeedsWithdraw(int route)
    {
        if (route >= _rows.Length)
        {
            return false;
        }

        ref var row = ref _rows[route];
        row.Pending &= row.Announced;
        return row.Announced != 0;
    }

    /// <summary>The next logged route with something pending for one of the receivers, in the order of attribute sets, withdrawals first.</summary>
    public bool TryTake(ulong receivers, out int route, out ulong pending, out ulong announced)
    {
        while (_next < _orderCount || Reorder())
        {
            route = (int)(uint)_order[_next++];
            _logged[route >> 6] &= ~(1UL << route);
            ref var row = ref _rows[route];
            pending = row.Pending & receivers;
            if (pending != 0)
            {
                announced = row.Announced;
                row.Pending &= ~pending;
                return true;
            }
        }

        (route, pending, announced) = (Route.None, 0, 0);
        return false;
    }

    /// <summary>Whether the receiver holds the route, for operators.</summary>
    public bool IsAnnounced(int route, ulong receiver) => route < _rows.Length && (_rows[route].Announced & receiver) != 0;

    public int CountAnnounced(ulong receiver)
    {
        var count = 0;
        foreach (ref var row in _rows.AsSpan())
        {
            count += BitOperations.PopCount(row.Announced & receiver);
        }

        return count;
    }

    public bool IsFeasible(int route) => Table.IsLive(route) && shard.BestOf(Table[route]) != Path.None;

    public void SetAnnounced(int route, ulong told, ulong holding)
    {
        ref var row = ref _rows[route];
        row.Announced = row.Announced & ~told | holding;
        RouteShard.ReleaseIfUnused(Table, route);
    }

    /// <summary>Turns the log into an order of reading, so that routes with one set stand together and share UPDATEs.</summary>
    private bool Reorder()
    {
        (_next, _orderCount) = (0, _log.Count);
        if (_orderCount == 0)
        {
            if (_order.Length > KeptCapacity)
            {
                _order = [];
                _log.Capacity = 0;
            }

            return false;
        }

        if (_order.Length < _orderCount)
        {
            _order = new ulong[(int)BitOperations.RoundUpToPowerOf2((uint)_orderCount)];
        }

        for (var i = 0; i < _orderCount; i++)
        {
            _order[i] = (ulong)shard.PackingKey(Table, _log[i]) << 32 | (uint)_log[i];
        }

        _log.Clear();
        _order.AsSpan(0, _orderCount).Sort();
        return true;
    }

    private void Log(int route)
    {
        ref var word = ref _logged[route >> 6];
        var bit = 1UL << route;
        if ((word & bit) == 0)
        {
            word |= bit;
            _log.Add(route);
        }
    }

    private void EnsureRow(int route)
    {
        if (route < _rows.Length)
        {
            return;
        }

        var capacity = _rows.Length == 0 ? 8 : _rows.Length;
        while (capacity <= route)
        {
            capacity = RouteTable.Grown(capacity);
        }

        Array.Resize(ref _rows, capacity);
        Array.Resize(ref _logged, (capacity >> 6) + 1);
    }
}
