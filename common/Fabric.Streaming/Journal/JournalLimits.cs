namespace Fabric.Streaming.Journal;

/// <summary>What a topic's journal may take, and how surely.</summary>
/// <param name="MaxBytes">Of all segments; the oldest ones go. At least one segment stays.</param>
/// <param name="MaxAge">Segments whose last row is older go, when the broker has them.</param>
/// <param name="IsSynchronous">Each batch is forced to disk, so that rows survive a crash of the machine too.</param>
public sealed record JournalLimits(long MaxBytes, TimeSpan MaxAge, bool IsSynchronous)
{
    // An eighth: what the oldest segment's end takes away is a small part of the whole.
    private const int Parts = 8;
    private const long MaxSegmentBytes = 64 * 1024 * 1024;

    /// <summary>Smallest <see cref="MaxBytes"/>: each of the parts has room for the largest row.</summary>
    public const long MinBytes = Parts * 1024 * 1024;

    internal long SegmentBytes => Math.Min(MaxBytes / Parts, MaxSegmentBytes);

    internal long SegmentAge => MaxAge.Ticks / TimeSpan.TicksPerMicrosecond / Parts;
}
