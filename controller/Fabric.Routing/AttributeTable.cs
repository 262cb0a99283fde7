using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// The attribute sets in use: one number a set, so that equality is equality of numbers. A set knows the VPN paths that carry it, and a route target knows
/// its sets; together they are the index from a target to the routes that carry it, at the price of a set instead of a route.
/// </summary>
internal sealed class AttributeTable(PathPool paths)
{
    private struct Entry
    {
        public PathAttributes? Value;
        public int Hash;
        public int References;
        public int FirstPath;
        public int Next;
    }

    private Entry[] _entries = new Entry[16];
    private int[] _buckets = new int[32];
    private readonly Dictionary<ulong, HashSet<int>> _byTarget = [];
    private int _extent;
    private int _firstFree = -1;
    private int _latest = -1;

    public int Count { get; private set; }

    public long MemoryBytes => (long)_entries.Length * Unsafe.SizeOf<Entry>() + (long)_buckets.Length * sizeof(int);

    public PathAttributes this[int set] => _entries[set].Value!;

    /// <summary>Gives the number of an equal set and adds a reference to it. The routes of one UPDATE share an instance: only its first is hashed.</summary>
    public int Intern(PathAttributes value)
    {
        if (_latest < 0 || !ReferenceEquals(_entries[_latest].Value, value))
        {
            _latest = FindOrAdd(value);
        }

        _entries[_latest].References++;
        return _latest;
    }

    public void AddReference(int set) => _entries[set].References++;

    public void Release(int set)
    {
        ref var entry = ref _entries[set];
        if (--entry.References > 0)
        {
            return;
        }

        foreach (var community in entry.Value!.ExtendedCommunities)
        {
            if (community.IsRouteTarget && _byTarget.TryGetValue(community.Value, out var sets) && sets.Remove(set) && sets.Count == 0)
            {
                _byTarget.Remove(community.Value);
            }
        }

        ref var link = ref _buckets[entry.Hash & (_buckets.Length - 1)];
        while (link - 1 != set)
        {
            link = ref _entries[link - 1].Next;
        }

        link = entry.Next;
        entry = new Entry { Next = _firstFree };
        _firstFree = set;
        _latest = _latest == set ? -1 : _latest;
        Count--;
    }

    /// <summary>Puts a VPN path into the list of its set.</summary>
    public void Link(int path)
    {
        ref var linked = ref paths[path];
        ref var first = ref _entries[linked.Attributes].FirstPath;
        linked.PreviousOfSet = Path.None;
        linked.NextOfSet = first;
        if (first != Path.None)
        {
            paths[first].PreviousOfSet = path;
        }

        first = path;
    }

    public void Unlink(int path)
    {
        ref var linked = ref paths[path];
        if (linked.PreviousOfSet == Path.None)
        {
            _entries[linked.Attributes].FirstPath = linked.NextOfSet;
        }
        else
        {
            paths[linked.PreviousOfSet].NextOfSet = linked.NextOfSet;
        }

        if (linked.NextOfSet != Path.None)
        {
            paths[linked.NextOfSet].PreviousOfSet = linked.PreviousOfSet;
        }
    }

    /// <summary>The VPN paths that carry the target. Sets may not be interned or released on the way.</summary>
    public IEnumerable<int> PathsCarrying(ulong target)
    {
        foreach (var set in _byTarget.GetValueOrDefault(target) ?? [])
        {
            for (var path = _entries[set].FirstPath; path != Path.None; path = paths[path].NextOfSet)
            {
                yield return path;
            }
        }
    }

    private int FindOrAdd(PathAttributes value)
    {
        var hash = value.GetHashCode();
        for (var next = _buckets[hash & (_buckets.Length - 1)]; next != 0; next = _entries[next - 1].Next)
        {
            ref var entry = ref _entries[next - 1];
            if (entry.Hash == hash && entry.Value!.Equals(value))
            {
                return next - 1;
            }
        }

        return Add(value, hash);
    }

    private int Add(PathAttributes value, int hash)
    {
        var set = _firstFree;
        if (set >= 0)
        {
            _firstFree = _entries[set].Next;
        }
        else
        {
            set = _extent++;
            if (set == _entries.Length)
            {
                Array.Resize(ref _entries, RouteTable.Grown(_entries.Length));
            }
        }

        _entries[set] = new Entry
        {
            Value = value,
            Hash = hash,
            FirstPath = Path.None,
        };
        if (++Count > _buckets.Length)
        {
            Rehash();
        }
        else
        {
            Chain(set);
        }

        foreach (var community in value.ExtendedCommunities)
        {
            if (community.IsRouteTarget)
            {
                ref var sets = ref CollectionsMarshal.GetValueRefOrAddDefault(_byTarget, community.Value, out _);
                (sets ??= []).Add(set);
            }
        }

        return set;
    }

    private void Chain(int set)
    {
        ref var bucket = ref _buckets[_entries[set].Hash & (_buckets.Length - 1)];
        _entries[set].Next = bucket;
        bucket = set + 1;
    }

    private void Rehash()
    {
        _buckets = new int[_buckets.Length * 2];
        for (var set = 0; set < _extent; set++)
        {
            if (_entries[set].Value is not null)
            {
                Chain(set);
            }
        }
    }
}
