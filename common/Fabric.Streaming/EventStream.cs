using Fabric.Analytics;
using Fabric.Streaming.Journal;
using Fabric.Streaming.Kafka;
using Microsoft.Extensions.Logging;

namespace Fabric.Streaming;

/// <summary>
/// Analytics events out of a program. Publishing never waits and never fails: what finds no room is counted and leaves a gap in the sequence. Two threads of the
/// stream's own number the rows and write them to the journal, which brokers and followers read: one for the topics that are forced to disk row by row, which may take a
/// second behind others' data, one for those that come by the hundred thousand.
/// </summary>
public sealed partial class EventStream : IDisposable
{
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromSeconds(1);

    private readonly StreamFolder _folder;
    private readonly IReadOnlyList<TopicLane> _lanes;
    private readonly StreamThread _many;
    private readonly StreamThread _durable;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly KafkaThread? _kafka;
    private readonly TimeProvider _time;
    private long _lastComplaint;

    private EventStream(StreamOptions options, TimeProvider time, ILogger logger)
    {
        Options = options;
        _time = time;
        _logger = logger;
        _folder = new StreamFolder(options);
        try
        {
            var now = StreamClock.Microseconds(time);
            var epoch = _folder.BeginEpoch(now);
            _lanes = [.. Topic.All.Select(topic => _folder.Open(topic, now))];
            _many = Start("stream", isSynchronous: false);
            _durable = Start("stream-durable", isSynchronous: true);

            StreamThread Start(string name, bool isSynchronous) =>
                new(
                    name,
                    new StreamLoop(
                        options,
                        time,
                        epoch,
                        _lanes,
                        [.. _lanes.Where(lane => lane.Journal.IsSynchronous == isSynchronous)],
                        Complain
                    ),
                    LogFault
                );
        }
        catch
        {
            _folder.Dispose();
            throw;
        }

        if (options.Kafka is { } kafka)
        {
            var log = new KafkaLog(logger, time);
            _kafka = new KafkaThread(
                new KafkaProducer(kafka, _lanes, () => new LibrdkafkaBroker(kafka, options.Node, log), time, log),
                logger
            );
        }

        _timer = time.CreateTimer(_ => Tick(), null, MaintenanceInterval, MaintenanceInterval);
    }

    public StreamOptions Options { get; }

    /// <summary>Opens the journal and starts.</summary>
    /// <exception cref="IOException">The folder cannot be used, or another process has it; the message names it.</exception>
    public static EventStream Start(StreamOptions options, TimeProvider time, ILogger logger) => new(options, time, logger);

    /// <summary>Gives a row away: it is the stream's from now on. From any thread; never waits.</summary>
    /// <returns>False: there was no room; it is counted as dropped.</returns>
    public bool TryPublish(IStreamEvent row)
    {
        var thread = _lanes[row.Topic.Index].Journal.IsSynchronous ? _durable : _many;
        var isTaken = thread.Loop.TryAdd(row);
        thread.Wake();
        return isTaken;
    }

    /// <summary>So many rows of routes find room now, published at once: who has more keeps them. From any thread.</summary>
    public int RoomForRoutes => _many.Loop.RoomForRoutes;

    /// <summary>Copies flow rows, best by the hundred. From any thread; never waits, allocates nothing once it is warm.</summary>
    /// <returns>How many, from the first on, found room; the others are counted as dropped.</returns>
    public int Publish(ReadOnlySpan<FlowRow> rows)
    {
        var taken = _many.Loop.Add(rows);
        _many.Wake();
        return taken;
    }

    /// <summary>Copies rows of routes, best by the dozen. From any thread; never waits, allocates nothing once it is warm.</summary>
    /// <returns>How many, from the first on, found room; the others are counted as dropped.</returns>
    public int Publish(ReadOnlySpan<RouteRow> rows)
    {
        var taken = _many.Loop.Add(rows);
        _many.Wake();
        return taken;
    }

    /// <summary>Rows that were lost before they came here: counted as dropped, and a gap in the topic's sequence. From any thread.</summary>
    public void CountLost(Topic topic, int rows) => _lanes[topic.Index].CountDropped(rows);

    /// <summary>Of all topics, in the order of <see cref="Topic.All"/>.</summary>
    public IReadOnlyList<TopicStatistics> Statistics() => [.. _lanes.Select(lane => lane.Snapshot())];

    /// <summary>Reads a topic's rows from a sequence on. The caller disposes of it.</summary>
    public JournalReader Read(Topic topic, ulong from) => new(JournalOf(topic), from);

    internal TopicJournal JournalOf(Topic topic) => _lanes[topic.Index].Journal;

    /// <summary>Writes what was published before, and stops.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _many.Stop();
        _durable.Stop();
        _kafka?.Dispose();
        _many.Dispose();
        _durable.Dispose();
        _folder.Dispose();
    }

    private void Tick()
    {
        _many.Tick();
        _durable.Tick();
    }

    private void Complain(TopicLane lane, IOException exception)
    {
        // A full disk refuses thousands of times a second, on both threads.
        var last = Interlocked.Read(ref _lastComplaint);
        var isDue = last == 0 || _time.GetElapsedTime(last) > MaintenanceInterval * 10;
        if (isDue && Interlocked.CompareExchange(ref _lastComplaint, _time.GetTimestamp(), last) == last)
        {
            LogDiskFailure(lane.Topic.Name, exception.Message);
        }
    }

    [LoggerMessage(1601, LogLevel.Error, "stream: rows of {Topic} cannot be written to the journal and are dropped: {Reason}")]
    private partial void LogDiskFailure(string topic, string reason);

    [LoggerMessage(1602, LogLevel.Critical, "stream: a fault of this program itself; it goes on with the next row.")]
    private partial void LogFault(Exception exception);
}
