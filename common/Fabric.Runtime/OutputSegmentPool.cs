namespace Fabric.Runtime;

/// <summary>
/// Output segments of one loop, used on that loop only. They are parts of slabs, of which the first is made with the first segment: memory that comes
/// by the segment, in the seconds in which full tables are told, has the collector look at everything. What was never used of a slab is not resident.
/// </summary>
public sealed class OutputSegmentPool
{
    /// <summary>Holds any BGP message, extended ones too (RFC 8654: 65,535 octets).</summary>
    public const int SegmentBytes = 65_536;

    private const int SegmentsOfSlab = 128;

    // The segment that was used last comes first: its memory is in the cache.
    private readonly Stack<OutputSegment> _free = new(SegmentsOfSlab);

    /// <summary>An empty segment, held once: by the caller.</summary>
    public OutputSegment Rent()
    {
        if (_free.Count == 0)
        {
            AddSlab();
        }

        return _free.Pop().Begin();
    }

    // More than a slab is not kept: the rest of another goes when nobody holds any of it.
    internal void Return(OutputSegment segment)
    {
        if (_free.Count < SegmentsOfSlab)
        {
            _free.Push(segment);
        }
    }

    private void AddSlab()
    {
        var slab = GC.AllocateUninitializedArray<byte>(SegmentsOfSlab * SegmentBytes, pinned: true);
        for (var segment = SegmentsOfSlab - 1; segment >= 0; segment--)
        {
            _free.Push(new OutputSegment(this, slab, segment * SegmentBytes));
        }
    }
}
