using System.Runtime.InteropServices;
using Fabric.Analytics;

namespace Fabric.FlowExport;

/// <summary>
/// What was reported of each session, since rows carry counts from the session's start and collectors add up. A session that finds no room is reported by its last row
/// alone. Nothing is reported twice: what may have been reported before, by a process before this one or by an entry that went, is taken as reported.
/// </summary>
/// <param name="capacity">Sessions at most.</param>
/// <param name="begun">Sessions that started earlier may have been reported before; microseconds since 1970.</param>
internal sealed class SessionLedger(int capacity, long begun)
{
    private readonly Dictionary<ulong, ReportedCounts> _sessions = [];
    private long _horizon = begun;

    public int Count => _sessions.Count;

    /// <summary>What a row adds to what was reported, which is reported from now on.</summary>
    /// <param name="now">The time of the row; microseconds since 1970.</param>
    public UnreportedCounts Account(in FlowRow row, long now)
    {
        if (row.Event == FlowEvent.Summary)
        {
            // A summary has no session, and counts from the summary before.
            return new UnreportedCounts(
                row.Started == 0 ? now : row.Started,
                row.SentPackets,
                row.SentBytes,
                row.ReceivedPackets,
                row.ReceivedBytes
            );
        }

        if (row.Event == FlowEvent.End)
        {
            var last = _sessions.Remove(row.Session, out var known) ? known : Begin(row);
            return last.Report(row, now);
        }

        if (_sessions.Count >= capacity && !_sessions.ContainsKey(row.Session))
        {
            return default;
        }

        ref var counts = ref CollectionsMarshal.GetValueRefOrAddDefault(_sessions, row.Session, out var isKnown);
        if (!isKnown)
        {
            counts = Begin(row);
        }

        return counts.Report(row, now);
    }

    /// <summary>Where there is no room, gives up sessions without a row for long: their last row may have been lost.</summary>
    /// <param name="before">The time of the latest row that is not long ago; microseconds since 1970.</param>
    public void MakeRoom(long before)
    {
        if (_sessions.Count < capacity)
        {
            return;
        }

        foreach (var (session, counts) in _sessions)
        {
            if (counts.Time < before)
            {
                _sessions.Remove(session);
                _horizon = Math.Max(_horizon, counts.Started);
            }
        }
    }

    /// <summary>The wall clock was set: sessions start by the new one, those from before the export too, and none of them is to be taken for another.</summary>
    /// <param name="step">Microseconds ahead; below zero: back.</param>
    public void Shift(long step)
    {
        _horizon += step;
        foreach (var session in _sessions.Keys)
        {
            CollectionsMarshal.GetValueRefOrNullRef(_sessions, session).Shift(step);
        }
    }

    private ReportedCounts Begin(in FlowRow row) => new(row, isReported: row.Started <= _horizon);
}
