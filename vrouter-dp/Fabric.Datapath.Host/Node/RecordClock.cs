namespace Fabric.Datapath.Host.Node;

/// <summary>
/// What the wall clock showed when the loop's clock was zero. It stays as it was first seen, so that a session's start is the same in all its
/// reports, until somebody sets the wall clock.
/// </summary>
internal sealed class RecordClock(TimeProvider time)
{
    private static readonly TimeSpan _tolerance = TimeSpan.FromSeconds(1);
    private long? _epoch;

    /// <summary>Microseconds since 1970.</summary>
    public long Epoch()
    {
        var wall = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var monotonic = (long)(time.GetTimestamp() * (1_000_000.0 / time.TimestampFrequency));
        var seen = wall - monotonic;
        if (_epoch is not { } epoch || Math.Abs(seen - epoch) > _tolerance.TotalMicroseconds)
        {
            _epoch = seen;
        }

        return _epoch.Value;
    }
}
