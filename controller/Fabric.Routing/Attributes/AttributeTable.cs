using System.Buffers.Binary;
using System.Numerics;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// The attribute sets in use: one number a set, so that equality is equality of numbers. A set is kept as its bytes
/// (<see cref="StoredAttributes"/>) and read again where somebody wants to see it. A set knows the VPN paths that carry it, and a route target
/// knows its sets; together they are the index from a target to the routes that carry it, at the price of a set instead of a route.
/// </summary>
internal sealed class AttributeTable(PathPool paths)
{
    private struct Entry
    {
        public int Hash;
        public int References;
        public int FirstPath;

        /// <summary>The next of the bucket; in a free slot, the next free slot.</summary>
        public int Next;
        public uint Block;

        /// <summary>Its first node in the index of targets.</summary>
        public int FirstTarget;

        /// <summary>Zero in a free slot.</summary>
        public ushort Length;
        public bool HasWellKnownCommunity;
    }

    private const int LatestSets = 64;
    private const int None = -1;

    private readonly StableArray<Entry> _entries = new(firstBits: 4);
    private readonly ByteArena _bytes = new();
    private readonly TargetIndex _byTarget = new();
    private readonly (int Set, PathAttributes? Value)[] _latest = new (int, PathAttributes?)[LatestSets];
    private StableArray<int> _buckets = NewBuckets(5);
    private OfferedAttributes _latestInterned;
    private int _latestSet = None;
    private int _extent;
    private int _firstFree = None;

    public int Count { get; private set; }

    public long MemoryBytes => _entries.MemoryBytes + _buckets.MemoryBytes + _bytes.MemoryBytes + _byTarget.MemoryBytes;

    /// <summary>The set to be looked into; the latest ones are at hand.</summary>
    public PathAttributes this[int set]
    {
        get
        {
            ref var latest = ref _latest[set & (LatestSets - 1)];
            if (latest.Value is null || latest.Set != set)
            {
                latest = (set, StoredAttributes.Read(BytesOf(set)));
            }

            return latest.Value!;
        }
    }

    public ReadOnlySpan<byte> BytesOf(int set) => _bytes[_entries[set].Block, _entries[set].Length];

    public ExtendedCommunityReader ExtendedCommunitiesOf(int set) => new(StoredAttributes.ExtendedCommunitiesOf(BytesOf(set)));

    /// <summary>Whether it has a community of 0xFFFF0000 and above, which mean something to every speaker (RFC 1997).</summary>
    public bool HasWellKnownCommunity(int set) => _entries[set].HasWellKnownCommunity;

    /// <summary>Gives the number of an equal set and adds a reference to it. The routes of one UPDATE share an instance: only its first is looked up.</summary>
    public int Intern(in OfferedAttributes offered)
    {
        if (_latestSet == None || _latestInterned != offered)
        {
            _latestSet = FindOrAdd(offered.Stored);
            _latestInterned = offered;
        }

        _entries[_latestSet].References++;
        return _latestSet;
    }

    public void AddReference(int set) => _entries[set].References++;

    public void Release(int set)
    {
        ref var entry = ref _entries[set];
        if (--entry.References > 0)
        {
            if (entry.References == 1)
            {
                // Sets are often given up route by route: the next one takes it out of its bucket.
                _buckets.Prefetch(entry.Hash & (_buckets.Capacity - 1));
            }

            return;
        }

        _byTarget.Remove(entry.FirstTarget);
        ref var link = ref _buckets[entry.Hash & (_buckets.Capacity - 1)];
        while (link - 1 != set)
        {
            link = ref _entries[link - 1].Next;
        }

        link = entry.Next;
        _bytes.Release(entry.Block, entry.Length);
        entry = new Entry { Next = _firstFree };
        _firstFree = set;
        _latestSet = _latestSet == set ? None : _latestSet;
        _latest[set & (LatestSets - 1)] = default;
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
        foreach (var set in _byTarget.SetsOf(target))
        {
            for (var path = _entries[set].FirstPath; path != Path.None; path = paths[path].NextOfSet)
            {
                yield return path;
            }
        }
    }

    private int FindOrAdd(ReadOnlySpan<byte> stored)
    {
        var hash = HashOf(stored);
        for (var next = _buckets[hash & (_buckets.Capacity - 1)]; next != 0; next = _entries[next - 1].Next)
        {
            if (_entries[next - 1].Hash == hash && BytesOf(next - 1).SequenceEqual(stored))
            {
                return next - 1;
            }
        }

        return Add(stored, hash);
    }

    private int Add(ReadOnlySpan<byte> stored, int hash)
    {
        var set = _firstFree;
        if (set != None)
        {
            _firstFree = _entries[set].Next;
        }
        else
        {
            set = _extent++;
            _entries.EnsureCapacity(_extent);
        }

        var extendedCommunities = StoredAttributes.CommunitiesOf(stored, out var communities);
        ref var entry = ref _entries[set];
        entry = new Entry
        {
            Hash = hash,
            FirstPath = Path.None,
            FirstTarget = TargetIndex.None,
            Block = _bytes.Store(stored),
            Length = checked((ushort)stored.Length),
            HasWellKnownCommunity = ContainsWellKnownCommunity(communities),
        };
        if (++Count > _buckets.Capacity)
        {
            Rehash();
        }
        else
        {
            Chain(set);
        }

        foreach (var community in new ExtendedCommunityReader(extendedCommunities))
        {
            if (TargetFilter.IsTarget(community))
            {
                entry.FirstTarget = _byTarget.Add(community.Value, set, entry.FirstTarget);
            }
        }

        return set;
    }

    private static bool ContainsWellKnownCommunity(ReadOnlySpan<byte> communities)
    {
        const ushort WellKnown = 0xFFFF;
        for (var rest = communities; !rest.IsEmpty; rest = rest[sizeof(uint)..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) == WellKnown)
            {
                return true;
            }
        }

        return false;
    }

    private void Chain(int set)
    {
        ref var bucket = ref _buckets[_entries[set].Hash & (_buckets.Capacity - 1)];
        _entries[set].Next = bucket;
        bucket = set + 1;
    }

    private void Rehash()
    {
        var bits = BitOperations.Log2((uint)_buckets.Capacity) + 1;
        _buckets.Free();
        _buckets = NewBuckets(bits);
        for (var set = 0; set < _extent; set++)
        {
            if (_entries[set].Length != 0)
            {
                Chain(set);
            }
        }
    }

    // Seeded per process by the runtime, so that a peer cannot choose colliding sets.
    private static int HashOf(ReadOnlySpan<byte> stored)
    {
        var hash = new HashCode();
        hash.AddBytes(stored);
        return hash.ToHashCode();
    }

    private static StableArray<int> NewBuckets(int bits)
    {
        var buckets = new StableArray<int>(bits);
        buckets.EnsureCapacity(1 << bits);
        return buckets;
    }
}
