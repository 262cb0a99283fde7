using System.Runtime.CompilerServices;

namespace Fabric.Datapath.Shared;

/// <summary>An array in memory that the kernel's programs may see too. Valid as long as the <see cref="SharedMemory"/> that it is of.</summary>
/// <exception cref="ArgumentOutOfRangeException">An index outside the array.</exception>
public readonly unsafe struct SharedRegion<T>
    where T : unmanaged
{
    private readonly T* first;

    internal SharedRegion(nint address, int count)
    {
        this.first = (T*)address;
        Count = count;
    }

    public int Count { get; }

    public Span<T> Span => new(first, Count);

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)Count)
            {
                Refuse();
            }

            return ref first[(uint)index];
        }
    }

    public bool Has(uint index) => index < (uint)Count;

    private static void Refuse() => throw new ArgumentOutOfRangeException("index");
}
