namespace Fabric.FlowExport;

/// <summary>Notices that somebody has set the wall clock, by the one that nobody sets.</summary>
internal sealed class WallClockSteps(TimeProvider time)
{
    // What the clocks drift apart by is no step.
    private static readonly long s_tolerance = TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond;

    private long _zero = Zero(time);

    /// <returns>By how many microseconds it was set ahead since the last call; below zero: back; 0: not at all.</returns>
    public long Take()
    {
        var zero = Zero(time);
        var step = zero - _zero;
        if (Math.Abs(step) <= s_tolerance)
        {
            return 0;
        }

        _zero = zero;
        return step;
    }

    // What the wall clock showed when the other one was zero; microseconds since 1970.
    private static long Zero(TimeProvider time) =>
        ((time.GetUtcNow() - DateTimeOffset.UnixEpoch) - time.GetElapsedTime(0)).Ticks / TimeSpan.TicksPerMicrosecond;
}
