using System.Numerics;

namespace Fabric.Routing;

/// <summary>Values that many refer to by number: each is kept once, in native memory, for as long as somebody holds a reference to it.</summary>
internal sealed class ValueStore<T>
    where T : unmanaged, IEquatable<T>
{
    private struct Entry
    {
        public T Value;
        public int References;

        /// <summary>One more than the next of the bucket; in a free slot, than the next free one. Zero at the end.</summary>
        public int Next;
    }

    public const int None = -1;

    private readonly StableArray<Entry> _entries = new();
    private StableArray<int> _buckets = NewBuckets(bits: 4);
    private int _extent;
    private int _firstFree;

    public int Count { get; private set; }

    public long MemoryBytes => _entries.MemoryBytes + _buckets.MemoryBytes;

    public T this[int number] => _entries[number].Value;

    /// <summary>The number of a value that somebody refers to.</summary>
    public int Find(in T value)
    {
        for (var next = BucketOf(value); next != 0; next = _entries[next - 1].Next)
        {
            if (_entries[next - 1].Value.Equals(value))
            {
                return next - 1;
            }
        }

        return None;
    }

    /// <summary>Gives the number of the value and adds a reference to it.</summary>
    public int Intern(in T value)
    {
        var number = Find(value);
        if (number == None)
        {
            number = Add(value);
        }

        _entries[number].References++;
        return number;
    }

    public void AddReference(int number) => _entries[number].References++;

    public void Release(int number)
    {
        ref var entry = ref _entries[number];
        if (--entry.References > 0)
        {
            return;
        }

        ref var link = ref BucketOf(entry.Value);
        while (link - 1 != number)
        {
            link = ref _entries[link - 1].Next;
        }

        link = entry.Next;
        entry = new Entry { Next = _firstFree };
        _firstFree = number + 1;
        Count--;
    }

    private int Add(in T value)
    {
        var number = _firstFree - 1;
        if (number != None)
        {
            _firstFree = _entries[number].Next;
        }
        else
        {
            number = _extent++;
            _entries.EnsureCapacity(_extent);
        }

        if (++Count > _buckets.Capacity)
        {
            Rehash();
        }

        _entries[number].Value = value;
        Chain(number);
        return number;
    }

    private void Rehash()
    {
        var bits = BitOperations.Log2((uint)_buckets.Capacity) + 1;
        _buckets.Free();
        _buckets = NewBuckets(bits);
        for (var number = 0; number < _extent; number++)
        {
            if (_entries[number].References > 0)
            {
                Chain(number);
            }
        }
    }

    private void Chain(int number)
    {
        ref var bucket = ref BucketOf(_entries[number].Value);
        _entries[number].Next = bucket;
        bucket = number + 1;
    }

    private ref int BucketOf(in T value) => ref _buckets[value.GetHashCode() & (_buckets.Capacity - 1)];

    private static StableArray<int> NewBuckets(int bits)
    {
        var buckets = new StableArray<int>(bits);
        buckets.EnsureCapacity(1 << bits);
        return buckets;
    }
}
