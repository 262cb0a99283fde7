namespace Fabric.Runtime;

/// <summary>Output segments of one loop, used on that loop only. Up to 8 MiB of free ones are kept.</summary>
public sealed class OutputSegmentPool
{
    /// <summary>Holds any BGP message, extended ones too (RFC 8654: 65,535 octets).</summary>
    public const int SegmentBytes = 65_536;

    private const int KeptSegments = 128;

    private readonly Stack<OutputSegment> _free = new(KeptSegments);

    /// <summary>An empty segment, held once: by the caller.</summary>
    public OutputSegment Rent() => (_free.TryPop(out var segment) ? segment : new OutputSegment(this)).Begin();

    internal void Return(OutputSegment segment)
    {
        if (_free.Count < KeptSegments)
        {
            _free.Push(segment);
        }
    }
}
