using System.Numerics;
using System.Runtime.CompilerServices;

namespace Fabric.Routing;

/// <summary>
/// One bit for each route and receiver of a group. A route's bits take 1, 2, 4 or 8 bytes, as many as the group's highest receiver needs, so
/// that a group of few costs little.
/// </summary>
internal sealed class ReceiverBits
{
    private StableArray<byte> _bytes = NewBytes();
    private int _widthBits;
    private int _rows;

    public long MemoryBytes => _bytes.MemoryBytes;

    /// <summary>Zero for a route that no bit was set of yet.</summary>
    public ulong this[int route]
    {
        get => route < _rows ? Read(ref _bytes[route << _widthBits]) : 0;
    }

    public void Add(int route, ulong receivers) => Set(route, this[route] | receivers);

    public void Remove(int route, ulong receivers) => Take(route, receivers);

    /// <summary>Removes some bits, and gives those of them that were set.</summary>
    public ulong Take(int route, ulong receivers)
    {
        if (route >= _rows)
        {
            return 0;
        }

        ref var first = ref _bytes[route << _widthBits];
        var bits = Read(ref first);
        Write(ref first, bits & ~receivers);
        return bits & receivers;
    }

    /// <summary>Removes some bits, then adds some.</summary>
    public void Change(int route, ulong removed, ulong added) => Set(route, this[route] & ~removed | added);

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

        if (BitOperations.Log2(receivers | 1) >> 3 >= 1 << _widthBits)
        {
            Widen(receivers);
        }

        Write(ref _bytes[route << _widthBits], receivers);
    }

    public void Free() => _bytes.Free();

    private void Widen(ulong receivers)
    {
        var former = (Bytes: _bytes, WidthBits: _widthBits);
        while (BitOperations.Log2(receivers | 1) >> 3 >= 1 << _widthBits)
        {
            _widthBits++;
        }

        _bytes = NewBytes();
        _bytes.EnsureCapacity(checked(_rows << _widthBits));
        for (var route = 0; route < _rows; route++)
        {
            Write(ref _bytes[route << _widthBits], Read(ref former.Bytes[route << former.WidthBits], former.WidthBits));
        }

        former.Bytes.Free();
    }

    // A row never spans two buckets: both have sizes of powers of two, and a bucket has 8 bytes at least.
    private static StableArray<byte> NewBytes() => new(firstBits: 6);

    private ulong Read(ref byte first) => Read(ref first, _widthBits);

    private static ulong Read(ref byte first, int widthBits) =>
        widthBits switch
        {
            0 => first,
            1 => Unsafe.ReadUnaligned<ushort>(ref first),
            2 => Unsafe.ReadUnaligned<uint>(ref first),
            _ => Unsafe.ReadUnaligned<ulong>(ref first),
        };

    private void Write(ref byte first, ulong bits)
    {
        switch (_widthBits)
        {
            case 0:
                first = (byte)bits;
                break;
            case 1:
                Unsafe.WriteUnaligned(ref first, (ushort)bits);
                break;
            case 2:
                Unsafe.WriteUnaligned(ref first, (uint)bits);
                break;
            default:
                Unsafe.WriteUnaligned(ref first, bits);
                break;
        }
    }
}
