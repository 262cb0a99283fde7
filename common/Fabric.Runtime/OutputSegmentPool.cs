using System.Runtime.InteropServices;

namespace Fabric.Runtime;

/// <summary>
/// Output segments of one loop, used on that loop only. They are parts of slabs, of which the first is made with the first segment: memory that comes
/// by the segment, in the seconds in which full tables are told, has the collector look at everything. What was never used of a slab is not resident,
/// and most of what is not in use any more isn't either.
/// </summary>
public sealed class OutputSegmentPool
{
    /// <summary>Holds any BGP message, extended ones too (RFC 8654: 65,535 octets).</summary>
    public const int SegmentBytes = 65_536;

    /// <summary>Free segments that keep their memory: more are on their way to receivers only while full tables are told to many.</summary>
    private const int ResidentSegments = 32;

    private const int SegmentsOfSlab = 128;

    // The segment that was used last comes first: its memory is in the cache.
    private readonly Stack<OutputSegment> _resident = new(ResidentSegments);
    private readonly Stack<OutputSegment> _empty = new(SegmentsOfSlab);

    /// <summary>An empty segment, held once: by the caller.</summary>
    public OutputSegment Rent()
    {
        if (_resident.TryPop(out var segment))
        {
            return segment.Begin();
        }

        if (_empty.Count == 0)
        {
            AddSlab();
        }

        return _empty.Pop().Begin();
    }

    // More than a slab is not kept: the rest of another goes when nobody holds any of it.
    internal void Return(OutputSegment segment)
    {
        if (_resident.Count < ResidentSegments)
        {
            _resident.Push(segment);
        }
        else if (_empty.Count < SegmentsOfSlab - ResidentSegments)
        {
            segment.GiveBack();
            _empty.Push(segment);
        }
    }

    private void AddSlab()
    {
        var page = Environment.SystemPageSize;
        var slab = GC.AllocateUninitializedArray<byte>((SegmentsOfSlab * SegmentBytes) + page, pinned: true);
        var behindPage = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(slab, 0) % page);
        var first = behindPage == 0 ? 0 : page - behindPage;
        for (var segment = SegmentsOfSlab - 1; segment >= 0; segment--)
        {
            _empty.Push(new OutputSegment(this, slab, first + (segment * SegmentBytes)));
        }
    }
}
