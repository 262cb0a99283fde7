using System.Numerics;
using System.Runtime.InteropServices;
using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>
/// The paths that a peer itself has advertised, so that work on all of them does not pass by those of others, and their number by family. A bit
/// a path, in words of 64 that exist where they have one: half a byte a path where a peer's paths came in a row.
/// </summary>
internal sealed class PeerPaths
{
    private const int WordBits = 6;
    private const int BytesOfWord = 28;

    private readonly Dictionary<int, ulong> _words = [];
    private readonly List<(AddressFamily Family, PrefixCounts Counts)> _families = [];

    public long MemoryBytes => (long)_words.Capacity * BytesOfWord;

    public void Add(int path, AddressFamily family, bool isAccepted)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_words, path >> WordBits, out _) |= 1UL << path;
        Count(family, 1, isAccepted ? 1 : 0);
    }

    public void Remove(int path, AddressFamily family, bool isAccepted)
    {
        ref var word = ref CollectionsMarshal.GetValueRefOrNullRef(_words, path >> WordBits);
        word &= ~(1UL << path);
        if (word == 0)
        {
            _words.Remove(path >> WordBits);
        }

        Count(family, -1, isAccepted ? -1 : 0);
    }

    /// <summary>A path is accepted that was not, or the other way round.</summary>
    public void Judge(AddressFamily family, bool isAccepted) => Count(family, 0, isAccepted ? 1 : -1);

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

    /// <summary>Paths may be removed on the way, but none added.</summary>
    public Enumerator GetEnumerator() => new(_words.GetEnumerator());

    private void Count(AddressFamily family, int received, int accepted)
    {
        foreach (ref var counted in CollectionsMarshal.AsSpan(_families))
        {
            if (counted.Family == family)
            {
                counted.Counts = new(counted.Counts.Received + received, counted.Counts.Accepted + accepted);
                return;
            }
        }

        _families.Add((family, new(received, accepted)));
    }

    /// <summary>Walks over the paths, word by word.</summary>
    public struct Enumerator
    {
        private Dictionary<int, ulong>.Enumerator _words;
        private ulong _left;

        internal Enumerator(Dictionary<int, ulong>.Enumerator words) => _words = words;

        public readonly int Current => _words.Current.Key << WordBits | BitOperations.TrailingZeroCount(_left);

        public bool MoveNext()
        {
            _left &= _left - 1;
            while (_left == 0)
            {
                if (!_words.MoveNext())
                {
                    return false;
                }

                _left = _words.Current.Value;
            }

            return true;
        }
    }
}
