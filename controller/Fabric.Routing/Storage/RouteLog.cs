using System.Numerics;

namespace Fabric.Routing;

/// <summary>
/// Routes that wait to be looked at, each once: a bit a route, and a bit for each word of those that has any. They are taken in the order of
/// their numbers, round and round, so that every one has its turn, and neighbours in memory are taken together.
/// </summary>
internal sealed class RouteLog
{
    private const int WordBits = 6;

    private readonly StableArray<ulong> _routes = new(firstBits: 0);
    private readonly StableArray<ulong> _words = new(firstBits: 0);
    private int _next;

    public int Count { get; private set; }

    public long MemoryBytes => _routes.MemoryBytes + _words.MemoryBytes;

    public void Add(int route) => Add(route >> WordBits, 1UL << route);

    public bool Contains(int route)
    {
        var word = route >> WordBits;
        return word < _routes.Capacity && (_routes[word] & 1UL << route) != 0;
    }

    public void Remove(int route)
    {
        if (Contains(route))
        {
            Clear(route >> WordBits, 1UL << route);
        }
    }

    /// <summary>Adds all that another log has, and empties that.</summary>
    public void TakeOver(RouteLog other)
    {
        for (var place = 0; place < other._words.Capacity; place++)
        {
            ref var words = ref other._words[place];
            for (; words != 0; words &= words - 1)
            {
                var word = place << WordBits | BitOperations.TrailingZeroCount(words);
                Add(word, other._routes[word]);
                other._routes[word] = 0;
            }
        }

        other.Count = 0;
    }

    /// <summary>The next route in turn; there is one.</summary>
    public int Take()
    {
        var word = _next >> WordBits;
        if (word >= _routes.Capacity || (_routes[word] & ulong.MaxValue << _next) == 0)
        {
            word = NextWord(word + 1);
            _next = 0;
        }

        var bit = BitOperations.TrailingZeroCount(_routes[word] & ulong.MaxValue << _next);
        Clear(word, 1UL << bit);
        var route = word << WordBits | bit;
        _next = route + 1;
        return route;
    }

    public void Free()
    {
        _routes.Free();
        _words.Free();
    }

    private void Add(int word, ulong added)
    {
        _routes.EnsureCapacity(word + 1);
        ref var routes = ref _routes[word];
        added &= ~routes;
        if (added == 0)
        {
            return;
        }

        if (routes == 0)
        {
            _words.EnsureCapacity((word >> WordBits) + 1);
            _words[word >> WordBits] |= 1UL << word;
        }

        routes |= added;
        Count += BitOperations.PopCount(added);
    }

    private void Clear(int word, ulong route)
    {
        ref var routes = ref _routes[word];
        routes &= ~route;
        if (routes == 0)
        {
            _words[word >> WordBits] &= ~(1UL << word);
        }

        Count--;
    }

    /// <summary>The first word with routes from this one on; behind the last one it begins again.</summary>
    private int NextWord(int word)
    {
        var place = word >> WordBits;
        var words = place < _words.Capacity ? _words[place] & ulong.MaxValue << word : 0;
        while (words == 0)
        {
            place = place + 1 < _words.Capacity ? place + 1 : 0;
            words = _words[place];
        }

        return place << WordBits | BitOperations.TrailingZeroCount(words);
    }
}
