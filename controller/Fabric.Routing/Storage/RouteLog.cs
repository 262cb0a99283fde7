namespace Fabric.Routing;

/// <summary>Routes that wait to be looked at, each once, first in first out. A route's mark outlasts its taking, until <see cref="Unmark"/>.</summary>
internal sealed class RouteLog
{
    private const int WordBits = 6;
    private const int SmallestMove = 1 << 12;

    private readonly StableArray<int> _queue = new();
    private readonly StableArray<ulong> _marks = new(firstBits: 0);
    private int _head;
    private int _tail;

    public int Count => _tail - _head;

    public long MemoryBytes => _queue.MemoryBytes + _marks.MemoryBytes;

    public void Add(int route)
    {
        _marks.EnsureCapacity((route >> WordBits) + 1);
        ref var word = ref _marks[route >> WordBits];
        var mark = 1UL << route;
        if ((word & mark) == 0)
        {
            word |= mark;
            _queue.EnsureCapacity(_tail + 1);
            _queue[_tail++] = route;
        }
    }

    /// <summary>The route at the head; there is one.</summary>
    public int Take()
    {
        var route = _queue[_head++];
        if (_head == _tail)
        {
            (_head, _tail) = (0, 0);
        }
        else if (_head >= SmallestMove && _head >= Count)
        {
            MoveToFront();
        }

        return route;
    }

    /// <summary>From now on the route can be added again.</summary>
    public void Unmark(int route) => _marks[route >> WordBits] &= ~(1UL << route);

    public void Free()
    {
        _queue.Free();
        _marks.Free();
    }

    private void MoveToFront()
    {
        var count = Count;
        for (var i = 0; i < count; i++)
        {
            _queue[i] = _queue[_head + i];
        }

        (_head, _tail) = (0, count);
    }
}
