namespace Fabric.Routing;

/// <summary>
/// Byte blocks in native memory, each with a number. A block takes whole units of 16 bytes of a page; freed blocks of a size are used
/// again for that size. A block of more than a page's quarter has memory of its own.
/// <code>
/// number of a block in a page    | page (20) | first unit (12) |
/// number of a block of its own   | 2^31 + index |
/// </code>
/// </summary>
internal sealed unsafe class ByteArena
{
    private const int UnitBits = 4;
    private const int PageUnitBits = 12;
    private const int PageBytes = 1 << (UnitBits + PageUnitBits);
    private const int LargestUnits = 1 << (PageUnitBits - 2);
    private const uint OwnMemory = 1u << 31;
    private const uint None = uint.MaxValue;

    private readonly List<NativeBlock> _pages = [];
    private readonly List<NativeBlock?> _large = [];
    private readonly Stack<int> _freeLarge = [];
    private readonly uint[] _free = new uint[LargestUnits + 1];
    private int _usedUnits = 1 << PageUnitBits;
    private long _largeBytes;

    public ByteArena() => _free.AsSpan().Fill(None);

    public long MemoryBytes => (long)_pages.Count * PageBytes + _largeBytes;

    public Span<byte> this[uint block, int length] => new(AddressOf(block), length);

    public uint Store(ReadOnlySpan<byte> bytes)
    {
        var units = UnitsOf(bytes.Length);
        var block = units > LargestUnits ? AllocateLarge(bytes.Length) : Allocate(units);
        bytes.CopyTo(this[block, bytes.Length]);
        return block;
    }

    public void Release(uint block, int length)
    {
        if ((block & OwnMemory) != 0)
        {
            var index = (int)(block & ~OwnMemory);
            _large[index]!.Dispose();
            _large[index] = null;
            _freeLarge.Push(index);
            _largeBytes -= length;
            return;
        }

        // The first bytes of a free block hold the number of the next one.
        ref var first = ref _free[UnitsOf(length)];
        *(uint*)AddressOf(block) = first;
        first = block;
    }

    private static int UnitsOf(int length) => Math.Max(1, (length + (1 << UnitBits) - 1) >> UnitBits);

    private byte* AddressOf(uint block) =>
        (block & OwnMemory) != 0
            ? (byte*)_large[(int)(block & ~OwnMemory)]!.Address
            : (byte*)_pages[(int)(block >> PageUnitBits)].Address + ((nint)(block & ((1u << PageUnitBits) - 1)) << UnitBits);

    private uint Allocate(int units)
    {
        ref var free = ref _free[units];
        if (free != None)
        {
            var reused = free;
            free = *(uint*)AddressOf(reused);
            return reused;
        }

        if (_usedUnits + units > 1 << PageUnitBits)
        {
            _pages.Add(new NativeBlock(PageBytes));
            _usedUnits = 0;
        }

        var block = (uint)(_pages.Count - 1) << PageUnitBits | (uint)_usedUnits;
        _usedUnits += units;
        return block;
    }

    private uint AllocateLarge(int length)
    {
        var memory = new NativeBlock((nuint)length);
        _largeBytes += length;
        if (_freeLarge.TryPop(out var index))
        {
            _large[index] = memory;
            return OwnMemory | (uint)index;
        }

        _large.Add(memory);
        return OwnMemory | (uint)(_large.Count - 1);
    }
}
