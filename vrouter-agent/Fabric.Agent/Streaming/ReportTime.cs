namespace Fabric.Agent.Streaming;

/// <summary>Times of the data plane's reports: microseconds since 1970.</summary>
internal static class ReportTime
{
    // A row tells years up to 9999 (RFC 3339 section 5.6).
    private static readonly ulong s_last = (ulong)((DateTime.MaxValue - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Whether a row can tell it.</summary>
    public static bool IsOne(ulong microseconds) => microseconds > 0 && microseconds <= s_last;
}
