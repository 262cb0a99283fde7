namespace Fabric.Streaming;

internal static class StreamClock
{
    /// <summary>Microseconds since 1970.</summary>
    public static long Microseconds(TimeProvider time) =>
        (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
