using System.Runtime.InteropServices;
using Fabric.Analytics;

namespace Fabric.Agent.Streaming;

/// <summary>
/// What sessions that go on had when they were reported last: a report counts from a session's start. A session of which that is not known, because it began before this
/// table did or because there was no room for it, stays unknown until its end, so that nothing of it is counted twice.
/// </summary>
internal sealed class KnownSessions(int capacity, long since)
{
    private readonly Dictionary<ulong, Known> _sessions = [];
    private long _since = since;

    public int Count => _sessions.Count;

    public bool IsFull => _sessions.Count >= capacity;

    /// <summary>What a session had since it was reported last.</summary>
    /// <param name="row">Its report.</param>
    /// <param name="counts">Packets and bytes since its last report.</param>
    /// <param name="lastSummary">Number of the summary that it was counted in last; 0: none.</param>
    /// <returns>False: not known.</returns>
    public bool TryTake(in FlowRow row, out FlowCounts counts, out ulong lastSummary)
    {
        counts = FlowCounts.Of(row);
        if (_sessions.TryGetValue(row.Session, out var known))
        {
            counts = counts.Since(known.Counts);
            lastSummary = known.Summary;
            return true;
        }

        lastSummary = 0;
        if (row.Started >= _since && row.Event != FlowEvent.End && IsFull)
        {
            _since = row.Time + 1;
        }

        return row.Started >= _since;
    }

    /// <summary>Keeps what the session has now, or forgets it with its end.</summary>
    /// <param name="summary">Number of the summary that it is counted in.</param>
    public void Keep(in FlowRow row, ulong summary)
    {
        if (row.Event == FlowEvent.End)
        {
            _sessions.Remove(row.Session);
        }
        else
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_sessions, row.Session, out _) = new Known(FlowCounts.Of(row), row.Time, summary);
        }
    }

    /// <summary>Forgets sessions that were reported last before <paramref name="time"/>: their end was lost.</summary>
    public void ForgetBefore(long time)
    {
        foreach (var (session, known) in _sessions)
        {
            if (known.Time < time)
            {
                _sessions.Remove(session);
            }
        }

        _since = Math.Max(_since, time);
    }

    private readonly record struct Known(FlowCounts Counts, long Time, ulong Summary);
}
