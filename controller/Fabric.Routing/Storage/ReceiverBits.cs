using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fabric.Routing;

/// <summary>
/// One bit for each route and receiver of a group. A route's bits are a row:
/// <code>
/// plain    the bits themselves, in 1, 2, 4 or 8 bytes, as many as the group's highest receiver needs
/// coded    the number of a set of receivers, in 1 byte
/// </code>
/// Receivers of a group are told the same, but for what they said themselves, so that few sets occur: 64 receivers take no more memory than
/// eight. Only where they lag behind in very many ways are rows of more than 8 receivers plain.
/// </summary>
internal sealed class ReceiverBits
{
    // With more sets than this in use, numbers would have to be given out anew too often.
    private const int MostSetsInUse = ReceiverSetCodes.Max / 2;

    private StableArray<byte> _bytes = NewBytes();
    private ReceiverSetCodes? _codes;
    private int _widthBits;
    private int _rows;

    public long MemoryBytes => _bytes.MemoryBytes;

    /// <summary>Zero for a route that no bit was set of yet.</summary>
    public ulong this[int route]
    {
        get => route < _rows ? Read(ref _bytes[route << _widthBits]) : 0;
    }

    public void Add(int route, ulong receivers) => Set(route, this[route] | receivers);

    public void Remove(int route, ulong receivers) => Take(route, receivers, out _);

    /// <summary>Removes some bits, and gives those of them that were set, and those that are left.</summary>
    public ulong Take(int route, ulong receivers, out ulong left)
    {
        left = 0;
        if (route >= _rows)
        {
            return 0;
        }

        ref var row = ref _bytes[route << _widthBits];
        var bits = Read(ref row);
        left = bits & ~receivers;
        if (left != bits && !TryWrite(ref row, left))
        {
            Set(route, left);
        }

        return bits & receivers;
    }

    public void Set(int route, ulong receivers)
    {
        if (route >= _rows)
        {
            if (receivers == 0)
            {
                return;
            }

            _rows = route + 1;
            _bytes.EnsureCapacity(checked(_rows << _widthBits));
        }

        if (!TryWrite(ref _bytes[route << _widthBits], receivers))
        {
            Reform(receivers);
            TryWrite(ref _bytes[route << _widthBits], receivers);
        }
    }

    public void Free() => _bytes.Free();

    /// <summary>Makes rows take the set: coded, if few sets are in use, else wide enough.</summary>
    private void Reform(ulong receivers)
    {
        if (_widthBits > 0 || !TryCode())
        {
            Widen(receivers);
        }
    }

    /// <summary>Gives the sets in use, of rows of one byte, numbers from the first on; false where they are too many.</summary>
    private bool TryCode()
    {
        Span<bool> isUsed = stackalloc bool[ReceiverSetCodes.Max];
        for (var route = 0; route < _rows; route++)
        {
            isUsed[_bytes[route]] = true;
        }

        if (isUsed.Count(true) > MostSetsInUse)
        {
            return false;
        }

        var codes = new ReceiverSetCodes();
        Span<byte> recoded = stackalloc byte[ReceiverSetCodes.Max];
        for (var row = 0; row < ReceiverSetCodes.Max; row++)
        {
            var value = (byte)row;
            if (isUsed[row])
            {
                codes.TryGet(Read(ref value), out recoded[row]);
            }
        }

        for (var route = 0; route < _rows; route++)
        {
            _bytes[route] = recoded[_bytes[route]];
        }

        _codes = codes;
        return true;
    }

    private void Widen(ulong receivers)
    {
        for (var route = 0; route < _rows; route++)
        {
            receivers |= this[route];
        }

        var widthBits = WidthBitsOf(receivers);
        var wider = NewBytes();
        wider.EnsureCapacity(checked(_rows << widthBits));
        for (var route = 0; route < _rows; route++)
        {
            WritePlain(ref wider[route << widthBits], widthBits, this[route]);
        }

        _bytes.Free();
        (_bytes, _widthBits, _codes) = (wider, widthBits, null);
    }

    // A row never spans two buckets: both have sizes of powers of two, and a bucket has 8 bytes at least.
    private static StableArray<byte> NewBytes() => new(firstBits: 6);

    private static int WidthBitsOf(ulong receivers)
    {
        var bytes = (BitOperations.Log2(receivers | 1) >> 3) + 1;
        return BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)bytes));
    }

    private ulong Read(ref byte first) =>
        _codes is { } codes
            ? codes[first]
            : _widthBits switch
            {
                0 => first,
                1 => Unsafe.ReadUnaligned<ushort>(ref first),
                2 => Unsafe.ReadUnaligned<uint>(ref first),
                _ => Unsafe.ReadUnaligned<ulong>(ref first),
            };

    private bool TryWrite(ref byte first, ulong receivers)
    {
        if (_codes is not { } codes)
        {
            var fits = _widthBits == 3 || receivers >> (8 << _widthBits) == 0;
            if (fits)
            {
                WritePlain(ref first, _widthBits, receivers);
            }

            return fits;
        }

        var isCoded = codes.TryGet(receivers, out var code);
        if (isCoded)
        {
            first = code;
        }

        return isCoded;
    }

    private static void WritePlain(ref byte first, int widthBits, ulong receivers)
    {
        switch (widthBits)
        {
            case 0:
                first = (byte)receivers;
                break;
            case 1:
                Unsafe.WriteUnaligned(ref first, (ushort)receivers);
                break;
            case 2:
                Unsafe.WriteUnaligned(ref first, (uint)receivers);
                break;
            default:
                Unsafe.WriteUnaligned(ref first, receivers);
                break;
        }
    }
}
