using Fabric.Analytics;

namespace Fabric.Simulation.Nodes;

/// <summary>The rows of sessions that a host's agents published, one agent after another: the last row of each, which has its counts so far.</summary>
internal sealed class SessionLedger(string host)
{
    private readonly Dictionary<ulong, FlowRow> _last = [];
    private readonly HashSet<ulong> _judged = [];

    /// <summary>The sessions that go on, and those that ended since the last rest.</summary>
    public IEnumerable<FlowRow> All => _last.Values;

    /// <exception cref="SimulationException">A session ends twice, begins twice, or counts less than it did.</exception>
    public void Take(ReadOnlySpan<FlowRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            if (_judged.Contains(row.Session) || (_last.TryGetValue(row.Session, out var before) && !MayFollow(row, before)))
            {
                throw new SimulationException($"{host} tells of a session that ended, began, or counted more before: {row}.");
            }

            _last[row.Session] = row;
        }
    }

    /// <summary>Of sessions that ended nothing more may come than what has been judged.</summary>
    public void Rest()
    {
        foreach (var row in _last.Values.Where(static row => row.Event == FlowEvent.End).ToList())
        {
            _last.Remove(row.Session);
            _judged.Add(row.Session);
        }
    }

    private static bool MayFollow(in FlowRow row, in FlowRow before) =>
        before.Event != FlowEvent.End
        && row.Event != FlowEvent.Start
        && row.SentPackets >= before.SentPackets
        && row.SentBytes >= before.SentBytes
        && row.ReceivedPackets >= before.ReceivedPackets
        && row.ReceivedBytes >= before.ReceivedBytes;
}
