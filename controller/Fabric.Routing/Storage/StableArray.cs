using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Fabric.Routing;

/// <summary>
/// An array of structs in native memory that grows without moving: a reference to an element stays valid for the life of the array.
/// <code>
/// bucket 0: 2^k elements | bucket 1: 2^(k+1) | bucket 2: 2^(k+2) | ...
/// position of an element = index + 2^k: its highest bit says which bucket, the bits below where in it
/// </code>
/// Tables of millions of routes are kept out of the garbage collector's sight, which would have to copy them as they grow and would count
/// them against its budgets. Elements begin as zeros; memory that no element was written to is not resident.
/// </summary>
internal sealed unsafe class StableArray<T>
    where T : unmanaged
{
    // Positions have as many bits.
    private const int PositionBits = 32;

    // By the zeros in front of a position, which the processor counts in one step: the bucket's address less its first position's share, so that
    // a position needs no more than to be added.
    private Origins _origins;
    private readonly NativeBlock?[] _blocks = new NativeBlock?[PositionBits];
    private readonly int _firstBits;
    private readonly uint _firstPosition;
    private int _capacity;
    private int _bucketCount;

    /// <param name="firstBits">The first bucket holds so many bits' worth of elements.</param>
    public StableArray(int firstBits = 3)
    {
        _firstBits = firstBits;
        _firstPosition = 1u << firstBits;
    }

    /// <summary>Elements that there is room for.</summary>
    public int Capacity => _capacity;

    public long MemoryBytes => (long)_capacity * sizeof(T);

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)_capacity)
            {
                ThrowOutside(index);
            }

            // Every 32-bit position has its origin, so that those need no check.
            var position = (uint)index + _firstPosition;
            var origin = Unsafe.Add(ref Unsafe.As<Origins, nint>(ref _origins), BitOperations.LeadingZeroCount(position));
            return ref ((T*)origin)[position];
        }
    }

    /// <summary>Has an element's line on its way from memory; one outside of the array is nobody's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int index)
    {
        if (Sse.IsSupported && (uint)index < (uint)_capacity)
        {
            Sse.Prefetch0(Unsafe.AsPointer(ref this[index]));
        }
    }

    /// <summary>The first bucket alone, for an array that was made as large as it gets.</summary>
    public Span<T> FirstBucket => _capacity == 0 ? default : MemoryMarshal.CreateSpan(ref this[0], Math.Min(_capacity, 1 << _firstBits));

    /// <summary>Makes room for at least so many elements.</summary>
    /// <exception cref="OutOfMemoryException">The system has no more.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void EnsureCapacity(int capacity)
    {
        if (_capacity < capacity)
        {
            Grow(capacity);
        }
    }

    /// <summary>Gives the memory back at once, for an array that nobody uses any more.</summary>
    public void Free()
    {
        _capacity = 0;
        for (var bucket = 0; bucket < _bucketCount; bucket++)
        {
            _blocks[bucket]!.Dispose();
        }

        _bucketCount = 0;
    }

    private void Grow(int capacity)
    {
        while (_capacity < capacity)
        {
            var bits = _firstBits + _bucketCount;
            var length = checked(1 << bits);
            var block = new NativeBlock((nuint)length * (nuint)sizeof(T));
            _blocks[_bucketCount++] = block;
            _origins[PositionBits - 1 - bits] = (nint)((T*)block.Address - (nuint)length);
            _capacity = checked(_capacity + length);
        }
    }

    /// <summary>In the array's own object: one step less on the way to each element.</summary>
    [InlineArray(PositionBits)]
    private struct Origins
    {
        private nint _first;
    }

    private void ThrowOutside(int index) =>
        throw new ArgumentOutOfRangeException(nameof(index), index, $"The array has {_capacity} elements.");
}
