namespace Fabric.Agent.Streaming;

/// <summary>How sessions are summed up. All times are microseconds.</summary>
/// <param name="Interval">From the first report in a summary to its row.</param>
/// <param name="SessionPatience">A session that is not reported for so long has ended, and the report of that was lost.</param>
internal sealed record SummaryOptions(long Interval, long SessionPatience)
{
    /// <summary>Summaries that grow at a time; a further one ends the oldest before its time.</summary>
    public int MaxSummaries { get; init; } = 65_536;

    /// <summary>Sessions whose last counts are held; rows of further ones go out one by one.</summary>
    public int MaxSessions { get; init; } = 262_144;
}
