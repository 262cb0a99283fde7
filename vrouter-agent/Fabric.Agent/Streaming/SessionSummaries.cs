using Fabric.Analytics;

namespace Fabric.Agent.Streaming;

/// <summary>
/// Sums up sessions with the same ends: a row for what all of them sent in an interval in place of one for each report. What comes out counts every packet and byte
/// once. Rows of sessions that cannot be summed up pass through as they are.
/// </summary>
/// <param name="options">Intervals and bounds.</param>
/// <param name="now">Microseconds since 1970; sessions that began before are not summed up.</param>
/// <param name="publish">Takes what comes out.</param>
internal sealed class SessionSummaries(SummaryOptions options, long now, FlowRowsTaker publish)
{
    private const int MostRows = FlowReports.MostRows;

    private readonly KnownSessions _sessions = new(options.MaxSessions, now);
    private readonly Dictionary<FlowRow, Summary> _summaries = new(SameEnds.Comparer);
    private readonly Queue<Summary> _inOrder = new();
    private readonly FlowRow[] _rows = new FlowRow[MostRows];
    private int _count;
    private ulong _lastNumber;
    private long _nextCleaning = now;

    /// <summary>Rows that passed through.</summary>
    public long Unsummed { get; private set; }

    /// <summary>Summaries that ended before their time, to make room.</summary>
    public long Early { get; private set; }

    /// <param name="rows">Reports, in their order.</param>
    /// <param name="time">Microseconds since 1970.</param>
    public void Take(ReadOnlySpan<FlowRow> rows, long time)
    {
        foreach (ref readonly var row in rows)
        {
            if (_sessions.TryTake(row, out var counts, out var lastSummary))
            {
                var summary = SummaryOf(row, time);
                summary.Add(counts, isFirst: lastSummary != summary.Number);
                _sessions.Keep(row, summary.Number);
            }
            else
            {
                Unsummed++;
                Add(row);
            }
        }

        HandOn();
    }

    /// <summary>Publishes summaries whose interval is over. To be called several times an interval.</summary>
    public void Flush(long time)
    {
        while (_inOrder.TryPeek(out var oldest) && oldest.Began + options.Interval <= time)
        {
            EndOldest(time);
        }

        HandOn();
        if (_sessions.IsFull && time >= _nextCleaning)
        {
            _nextCleaning = time + options.Interval;
            _sessions.ForgetBefore(time - options.SessionPatience);
        }
    }

    /// <summary>Publishes all summaries, whether their interval is over or not.</summary>
    public void End(long time)
    {
        while (_inOrder.Count > 0)
        {
            EndOldest(time);
        }

        HandOn();
    }

    private Summary SummaryOf(in FlowRow row, long time)
    {
        var ends = SameEnds.Of(row);
        if (_summaries.TryGetValue(ends, out var summary))
        {
            return summary;
        }

        if (_summaries.Count >= options.MaxSummaries)
        {
            Early++;
            EndOldest(time);
        }

        summary = new Summary(ends, ++_lastNumber, time);
        _summaries.Add(ends, summary);
        _inOrder.Enqueue(summary);
        return summary;
    }

    private void EndOldest(long time)
    {
        var summary = _inOrder.Dequeue();
        _summaries.Remove(summary.Ends);
        Add(summary.ToRow(time));
    }

    private void Add(in FlowRow row)
    {
        if (_count == MostRows)
        {
            HandOn();
        }

        _rows[_count++] = row;
    }

    private void HandOn()
    {
        if (_count > 0)
        {
            publish(_rows.AsSpan(0, _count));
            _count = 0;
        }
    }

    private sealed class Summary(in FlowRow ends, ulong number, long began)
    {
        private FlowCounts _counts;
        private uint _sessions;

        public FlowRow Ends { get; } = ends;

        public ulong Number { get; } = number;

        public long Began { get; } = began;

        public void Add(in FlowCounts counts, bool isFirst)
        {
            _counts += counts;
            _sessions += isFirst ? 1u : 0u;
        }

        public FlowRow ToRow(long time) =>
            Ends with
            {
                Time = time,
                Started = Began,
                SentPackets = _counts.SentPackets,
                SentBytes = _counts.SentBytes,
                ReceivedPackets = _counts.ReceivedPackets,
                ReceivedBytes = _counts.ReceivedBytes,
                Sessions = _sessions,
            };
    }
}
