using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Fabric.Analytics;
using Fabric.Analytics.Json;
using Fabric.Stream.Journal;
using Google.Protobuf;

namespace Fabric.Stream;

/// <summary>What the stream's one writer does, without its thread: takes rows out of the mailboxes, numbers them, writes them to the journal.</summary>
internal sealed class StreamLoop : IDisposable
{
    private static readonly JsonWriterOptions JsonOptions = new()
    {
        SkipValidation = true,
        // Rows are read as JSON, never put into a page as they are.
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly ulong _epoch;
    private readonly IReadOnlyList<TopicLane> _lanes;
    private readonly ConcurrentQueue<IStreamEvent> _events = new();
    private readonly FlowBatches _flows;
    private readonly ArrayBufferWriter<byte> _payload = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly byte[] _nodeKey;
    private readonly Action<TopicLane, IOException> _diskFailed;
    private int _waiting;

    /// <param name="lanes">In the order of <see cref="Topic.Index"/>; disposed with the loop.</param>
    /// <param name="epoch">Of this run.</param>
    /// <param name="diskFailed">Hears of rows that could not be written.</param>
    public StreamLoop(
        StreamOptions options,
        TimeProvider time,
        ulong epoch,
        IReadOnlyList<TopicLane> lanes,
        Action<TopicLane, IOException> diskFailed
    )
    {
        _options = options;
        _time = time;
        _epoch = epoch;
        _lanes = lanes;
        _diskFailed = diskFailed;
        _flows = new FlowBatches(options.FlowCapacity);
        _json = new Utf8JsonWriter(_payload, JsonOptions);
        _nodeKey = Encoding.UTF8.GetBytes(options.Node);
    }

    public IReadOnlyList<TopicLane> Lanes => _lanes;

    /// <summary>From any thread; never waits.</summary>
    public bool TryAdd(IStreamEvent row)
    {
        if (Interlocked.Increment(ref _waiting) > _options.MailboxCapacity)
        {
            Interlocked.Decrement(ref _waiting);
            _lanes[row.Topic.Index].CountDropped(1);
            return false;
        }

        _events.Enqueue(row);
        return true;
    }

    /// <summary>From any thread; never waits.</summary>
    public int Add(ReadOnlySpan<FlowRow> rows)
    {
        var taken = _flows.Add(rows);
        if (taken < rows.Length)
        {
            _lanes[Topic.Flows.Index].CountDropped(rows.Length - taken);
        }

        return taken;
    }

    /// <summary>Writes what waits, a mailbox's worth at most, and shows it to readers.</summary>
    /// <returns>Whether more came meanwhile: a flood must not keep the loop from its other duties.</returns>
    public bool Drain()
    {
        for (var i = 0; i < _options.MailboxCapacity && _events.TryDequeue(out var row); i++)
        {
            Interlocked.Decrement(ref _waiting);
            Write(row);
        }

        for (var i = 0; i < _options.FlowCapacity && _flows.Take() is { } batch; i += FlowBatch.Capacity)
        {
            try
            {
                Write(batch.Rows.AsSpan(0, batch.Count));
            }
            finally
            {
                _flows.Return(batch);
            }
        }

        foreach (var lane in _lanes)
        {
            Try(lane, static flushed => flushed.Journal.Flush());
        }

        return !_events.IsEmpty || !_flows.IsEmpty;
    }

    /// <summary>Makes room: segments that are too old or too many go.</summary>
    public void Expire()
    {
        var now = Now;
        foreach (var lane in _lanes)
        {
            Try(lane, expired => expired.Expire(now));
        }
    }

    public void Dispose()
    {
        // A mailbox's worth is all that was published before.
        Drain();
        _json.Dispose();
        foreach (var lane in _lanes)
        {
            Try(lane, static closed => closed.Dispose());
        }
    }

    private long Now => StreamClock.Microseconds(_time);

    private void Write(IStreamEvent row)
    {
        var lane = _lanes[row.Topic.Index];
        var stamp = Stamp(lane, Now);
        row.Envelope = stamp.ToEnvelope(row.Envelope?.Time);
        _payload.ResetWrittenCount();
        if (_options.IsProtobuf)
        {
            row.WriteTo(_payload);
        }
        else
        {
            _payload.Write(Encoding.UTF8.GetBytes(EventJson.Format(row)));
        }

        ReadOnlySpan<byte> key = row.Key is { } own ? Encoding.UTF8.GetBytes(own) : _nodeKey;
        Append(lane, stamp.Now, key, row.IsLastOfKey ? RecordFlags.LastOfKey : RecordFlags.None);
    }

    private void Write(ReadOnlySpan<FlowRow> rows)
    {
        var lane = _lanes[Topic.Flows.Index];
        var now = Now;
        foreach (ref readonly var row in rows)
        {
            var stamp = Stamp(lane, now);
            _payload.ResetWrittenCount();
            if (_options.IsProtobuf)
            {
                row.ToMessage(stamp).WriteTo(_payload);
            }
            else
            {
                _json.Reset();
                FlowJson.Write(_json, row, stamp);
                _json.Flush();
            }

            Append(lane, now, _nodeKey, RecordFlags.None);
        }
    }

    private EventStamp Stamp(TopicLane lane, long now)
    {
        lane.Journal.Skip(lane.TakeGap());
        return new EventStamp(_options.Node, _options.Kind, _epoch, lane.Journal.NextSequence, now);
    }

    private void Append(TopicLane lane, long now, ReadOnlySpan<byte> key, RecordFlags flags)
    {
        try
        {
            if (lane.Journal.Append(now, key, _payload.WrittenSpan, _options.IsProtobuf ? flags | RecordFlags.Protobuf : flags))
            {
                lane.CountPublished(1);
            }
            else
            {
                lane.CountLost(1);
            }
        }
        catch (IOException exception)
        {
            lane.CountDropped(1);
            GiveUp(lane, exception);
        }
    }

    private void Try(TopicLane lane, Action<TopicLane> work)
    {
        try
        {
            work(lane);
        }
        catch (IOException exception)
        {
            GiveUp(lane, exception);
        }
    }

    private void GiveUp(TopicLane lane, IOException exception)
    {
        var rows = lane.Journal.Discard();
        lane.CountPublished(-rows);
        lane.CountLost(rows);
        _diskFailed(lane, exception);
    }
}
