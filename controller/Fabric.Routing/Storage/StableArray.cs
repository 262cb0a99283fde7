using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fabric.Routing;

/// <summary>
/// An array of structs in native memory that grows without moving: a reference to an element stays valid for the life of the array.
/// <code>
/// bucket 0: 2^k elements | bucket 1: 2^(k+1) | bucket 2: 2^(k+2) | ...
/// </code>
/// Tables of millions of routes are kept out of the garbage collector's sight, which would have to copy them as they grow and would count
/// them against its budgets. Elements begin as zeros; memory that no element was written to is not resident.
/// </summary>
internal sealed unsafe class StableArray<T>
    where T : unmanaged
{
    private const int MaxBuckets = 31;

    private readonly T*[] _buckets = new T*[MaxBuckets];
    private readonly NativeBlock?[] _blocks = new NativeBlock?[MaxBuckets];
    private readonly int _firstBits;
    private int _bucketCount;

    /// <param name="firstBits">The first bucket holds so many bits' worth of elements.</param>
    public StableArray(int firstBits = 3) => _firstBits = firstBits;

    /// <summary>Elements that there is room for.</summary>
    public int Capacity { get; private set; }

    public long MemoryBytes => (long)Capacity * sizeof(T);

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Capacity, nameof(index));
            var position = (uint)index + (1u << _firstBits);
            var bits = BitOperations.Log2(position);
            return ref _buckets[bits - _firstBits][position - (1u << bits)];
        }
    }

    /// <summary>The first bucket alone, for an array that was made as large as it gets.</summary>
    public Span<T> FirstBucket => new(_buckets[0], Math.Min(Capacity, 1 << _firstBits));

    /// <summary>Makes room for at least so many elements.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    public void EnsureCapacity(int capacity)
    {
        while (Capacity < capacity)
        {
            var length = checked(1 << (_firstBits + _bucketCount));
            var block = new NativeBlock((nuint)length * (nuint)sizeof(T));
            _blocks[_bucketCount] = block;
            _buckets[_bucketCount++] = (T*)block.Address;
            Capacity = checked(Capacity + length);
        }
    }

    /// <summary>Gives the memory back at once, for an array that nobody uses any more.</summary>
    public void Free()
    {
        Capacity = 0;
        for (var bucket = 0; bucket < _bucketCount; bucket++)
        {
            _buckets[bucket] = null;
            _blocks[bucket]!.Dispose();
        }

        _bucketCount = 0;
    }
}
