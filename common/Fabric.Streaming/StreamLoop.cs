using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Fabric.Analytics;
using Fabric.Analytics.Json;
using Fabric.Streaming.Journal;
using Google.Protobuf;

namespace Fabric.Streaming;

/// <summary>What a writer of the stream does, without its thread: takes rows out of the mailboxes, numbers them, writes them to the journals of its topics.</summary>
internal sealed class StreamLoop : IDisposable
{
    /// <summary>As many as a data plane reports at once, when it reports very many.</summary>
    public const int FlowsOfBatch = 512;

    /// <summary>A share of the routing loop's time makes no more.</summary>
    public const int RoutesOfBatch = 64;

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
    private readonly IReadOnlyList<TopicLane> _own;
    private readonly ConcurrentQueue<IStreamEvent> _events = new();
    private readonly RowBatches<FlowRow> _flows;
    private readonly RowBatches<RouteRow> _routes;
    private readonly ArrayBufferWriter<byte> _payload = new(64 * 1024);
    private readonly Utf8JsonWriter _json;
    private readonly byte[] _nodeKey;
    private readonly Action<TopicLane, IOException> _diskFailed;
    private int _waiting;

    /// <param name="lanes">Of all topics, in the order of <see cref="Topic.Index"/>.</param>
    /// <param name="own">Those that this loop writes; disposed with it.</param>
    /// <param name="epoch">Of this run.</param>
    /// <param name="diskFailed">Hears of rows that could not be written.</param>
    public StreamLoop(
        StreamOptions options,
        TimeProvider time,
        ulong epoch,
        IReadOnlyList<TopicLane> lanes,
        IReadOnlyList<TopicLane> own,
        Action<TopicLane, IOException> diskFailed
    )
    {
        _options = options;
        _time = time;
        _epoch = epoch;
        _lanes = lanes;
        _own = own;
        _diskFailed = diskFailed;
        _flows = new RowBatches<FlowRow>(FlowsOfBatch, options.FlowCapacity);
        _routes = new RowBatches<RouteRow>(RoutesOfBatch, options.RouteCapacity);
        _json = new Utf8JsonWriter(_payload, JsonOptions);
        _nodeKey = Encoding.UTF8.GetBytes(options.Node);
    }

    /// <summary>So many rows of routes find room now. From any thread.</summary>
    public int RoomForRoutes => _routes.Room;

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
    public int Add(ReadOnlySpan<FlowRow> rows) => Add(_flows, rows);

    /// <summary>From any thread; never waits.</summary>
    public int Add(ReadOnlySpan<RouteRow> rows) => Add(_routes, rows);

    /// <summary>Writes what waits, a mailbox's worth at most, and shows it to readers.</summary>
    /// <returns>Whether more came meanwhile: a flood must not keep the loop from its other duties.</returns>
    public bool Drain()
    {
        for (var i = 0; i < _options.MailboxCapacity && _events.TryDequeue(out var row); i++)
        {
            Interlocked.Decrement(ref _waiting);
            Write(row);
        }

        Drain(_flows);
        Drain(_routes);
        foreach (var lane in _own)
        {
            Try(lane, static flushed => flushed.Journal.Flush());
        }

        return !_events.IsEmpty || !_flows.IsEmpty || !_routes.IsEmpty;
    }

    /// <summary>Makes room: segments that are too old or too many go.</summary>
    public void Expire()
    {
        var now = Now;
        foreach (var lane in _own)
        {
            Try(lane, expired => expired.Expire(now));
        }
    }

    public void Dispose()
    {
        // A mailbox's worth is all that was published before.
        Drain();
        _json.Dispose();
        foreach (var lane in _own)
        {
            Try(lane, static closed => closed.Dispose());
        }
    }

    private int Add<TRow>(RowBatches<TRow> batches, ReadOnlySpan<TRow> rows)
        where TRow : struct, IStreamRow
    {
        var taken = batches.Add(rows);
        if (taken < rows.Length)
        {
            _lanes[TRow.Topic.Index].CountDropped(rows.Length - taken);
        }

        return taken;
    }

    private void Drain<TRow>(RowBatches<TRow> batches)
        where TRow : struct, IStreamRow
    {
        for (var i = 0; i < batches.Most && batches.Take() is { } batch; i++)
        {
            try
            {
                Write(batch.Rows);
            }
            finally
            {
                batches.Return(batch);
            }
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

    private void Write<TRow>(ReadOnlySpan<TRow> rows)
        where TRow : struct, IStreamRow
    {
        var lane = _lanes[TRow.Topic.Index];
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
                row.WriteJson(_json, stamp);
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
            if (!lane.Journal.Append(now, key, _payload.WrittenSpan, _options.IsProtobuf ? flags | RecordFlags.Protobuf : flags))
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
        lane.CountLost(lane.Journal.Discard());
        _diskFailed(lane, exception);
    }
}
