using System.Numerics;
using System.Runtime.InteropServices;
using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>
/// The paths that a peer itself has advertised, so that work on all of them does not look at those of others, and their number by family. A bit
/// a path; where a peer has none of a page of paths, its bits take no memory.
/// </summary>
internal sealed class PeerPaths
{
    private const int WordBits = 6;

    private readonly StableArray<ulong> _words = new(firstBits: 0);
    private readonly List<(AddressFamily Family, PrefixCounts Counts)> _families = [];

    public long MemoryBytes => _words.MemoryBytes;

    public void Add(int path, AddressFamily family, bool isAccepted)
    {
        _words.EnsureCapacity((path >> WordBits) + 1);
        _words[path >> WordBits] |= 1UL << path;
        Count(family, 1, isAccepted ? 1 : 0);
    }

    public void Remove(int path, AddressFamily family, bool isAccepted, bool isStale)
    {
        _words[path >> WordBits] &= ~(1UL << path);
        Count(family, -1, isAccepted ? -1 : 0, isStale ? -1 : 0);
    }

    /// <summary>A path is accepted that was not, or the other way round.</summary>
    public void Judge(AddressFamily family, bool isAccepted) => Count(family, 0, isAccepted ? 1 : -1);

    /// <summary>A path is stale that was not, or the other way round.</summary>
    public void Age(AddressFamily family, bool isStale) => Count(family, 0, 0, isStale ? 1 : -1);

    public PrefixCounts CountsOf(AddressFamily family)
    {
        foreach (ref readonly var counted in CollectionsMarshal.AsSpan(_families))
        {
            if (counted.Family == family)
            {
                return counted.Counts;
            }
        }

        return default;
    }

    /// <summary>For a peer that is gone.</summary>
    public void Free() => _words.Free();

    /// <summary>Paths may be removed on the way, but none added.</summary>
    public Enumerator GetEnumerator() => new(_words);

    private void Count(AddressFamily family, int received, int accepted, int stale = 0)
    {
        foreach (ref var counted in CollectionsMarshal.AsSpan(_families))
        {
            if (counted.Family == family)
            {
                var counts = counted.Counts;
                counted.Counts = new(counts.Received + received, counts.Accepted + accepted) { Stale = counts.Stale + stale };
                return;
            }
        }

        _families.Add((family, new(received, accepted) { Stale = stale }));
    }

    /// <summary>Walks over the paths, word by word.</summary>
    public struct Enumerator
    {
        private readonly StableArray<ulong> _words;
        private ulong _left;
        private int _word;

        internal Enumerator(StableArray<ulong> words)
        {
            _words = words;
            _word = -1;
        }

        public readonly int Current => _word << WordBits | BitOperations.TrailingZeroCount(_left);

        public bool MoveNext()
        {
            _left &= _left - 1;
            while (_left == 0)
            {
                if (++_word >= _words.Capacity)
                {
                    return false;
                }

                _left = _words[_word];
            }

            return true;
        }
    }
}
