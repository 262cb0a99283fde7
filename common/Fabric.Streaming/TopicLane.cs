using Fabric.Analytics;
using Fabric.Streaming.Journal;

namespace Fabric.Streaming;

/// <summary>A topic inside the stream: its journal, the broker's position in it, and counters that several threads add to.</summary>
internal sealed class TopicLane(Topic topic, TopicJournal journal, AcknowledgedPosition? acknowledged) : IDisposable
{
    private long _dropped;
    private long _gap;
    private long _expiredUnsent;
    private long _refused;

    public Topic Topic { get; } = topic;

    public TopicJournal Journal { get; } = journal;

    /// <summary>Null without a broker.</summary>
    public AcknowledgedPosition? Acknowledged { get; } = acknowledged;

    /// <summary>Rows that have no sequence yet: the next row that is written leaves room for them.</summary>
    public void CountDropped(int rows)
    {
        Interlocked.Add(ref _dropped, rows);
        Interlocked.Add(ref _gap, rows);
    }

    /// <summary>Rows whose sequences were given already.</summary>
    public void CountLost(int rows) => Interlocked.Add(ref _dropped, rows);

    public void CountRefused() => Interlocked.Increment(ref _refused);

    /// <summary>Rows that were dropped since the last call. Only for the loop that writes.</summary>
    public ulong TakeGap() => Volatile.Read(ref _gap) == 0 ? 0 : (ulong)Interlocked.Exchange(ref _gap, 0);

    public void Expire(long now)
    {
        var unsent = Journal.Expire(now, Acknowledged?.Sequence ?? ulong.MaxValue - 1);
        Volatile.Write(ref _expiredUnsent, _expiredUnsent + unsent);
    }

    public TopicStatistics Snapshot()
    {
        var sent = Acknowledged?.Sequence;
        var last = Journal.LastSequence;
        return new TopicStatistics(
            Topic,
            Journal.WrittenRows,
            Interlocked.Read(ref _dropped),
            Journal.Bytes,
            Journal.TornBytes,
            Journal.OldestSequence,
            last,
            sent ?? 0,
            sent < last ? last - sent.Value : 0,
            Journal.Expired,
            Volatile.Read(ref _expiredUnsent),
            Interlocked.Read(ref _refused)
        );
    }

    public void Dispose()
    {
        Journal.Dispose();
        Acknowledged?.Save();
    }
}
