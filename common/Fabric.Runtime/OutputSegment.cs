using System.Runtime.CompilerServices;

namespace Fabric.Runtime;

/// <summary>
/// Bytes that are encoded once and queued to many connections by reference. Whoever rents one fills it, sends it and releases it;
/// what was sent is never changed. The count of references is plain: a segment lives on one loop. Its memory does not move, so that
/// a system call can be given its address.
/// </summary>
public sealed class OutputSegment
{
    private readonly OutputSegmentPool _pool;
    private readonly byte[] _slab;
    private readonly int _start;
    private int _references;

    /// <param name="pool">Takes it back.</param>
    /// <param name="slab">Pinned memory of the segment and others.</param>
    /// <param name="start">Where in it the segment is, at a page's border.</param>
    internal OutputSegment(OutputSegmentPool pool, byte[] slab, int start)
    {
        _pool = pool;
        _slab = slab;
        _start = start;
    }

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _slab.AsSpan(_start, Length);
    }

    /// <summary>Where the next bytes go; they count from <see cref="Advance"/> on.</summary>
    public Span<byte> Free
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _slab.AsSpan(_start + Length, FreeBytes);
    }

    internal Memory<byte> FreeMemory => _slab.AsMemory(_start + Length, FreeBytes);

    private int FreeBytes => OutputSegmentPool.SegmentBytes - Length;

    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="Free"/> holds.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)FreeBytes, nameof(count));
        Length += count;
    }

    /// <summary>One more holder; each releases once.</summary>
    public void Retain() => _references++;

    /// <summary>The last holder's release gives the segment back to its pool.</summary>
    public void Release()
    {
        if (--_references == 0)
        {
            _pool.Return(this);
        }
        else if (_references < 0)
        {
            throw new InvalidOperationException("An output segment was released more often than it was held.");
        }
    }

    /// <summary>Nobody holds it, and its pages are the system's until somebody does.</summary>
    internal void GiveBack() => ResidentMemory.GiveBack(_slab.AsSpan(_start, OutputSegmentPool.SegmentBytes));

    internal OutputSegment Begin()
    {
        Length = 0;
        _references = 1;
        return this;
    }
}
