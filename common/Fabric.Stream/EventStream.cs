using Fabric.Analytics;
using Fabric.Stream.Journal;
using Fabric.Stream.Kafka;
using Microsoft.Extensions.Logging;

namespace Fabric.Stream;

/// <summary>
/// Analytics events out of a program. Publishing never waits and never fails: what finds no room is counted and leaves a gap in the sequence. One thread of the
/// stream's own numbers the rows and writes them to the journal, which brokers and followers read.
/// </summary>
public sealed partial class EventStream : IDisposable
{
    private static readonly TimeSpan MaintenanceInterval = TimeSpan.FromSeconds(1);

    private readonly StreamFolder _folder;
    private readonly StreamLoop _loop;
    private readonly ILogger _logger;

    // Not disposed of: who publishes after the end must not fail.
    private readonly AutoResetEvent _work = new(false);
    private readonly ITimer _timer;
    private readonly KafkaThread? _kafka;
    private readonly Thread _thread;
    private readonly TimeProvider _time;
    private long _lastComplaint;
    private volatile bool _isDue;
    private volatile bool _isStopping;

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
            _loop = new StreamLoop(options, time, epoch, [.. Topic.All.Select(topic => _folder.Open(topic, now))], Complain);
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
                new KafkaProducer(kafka, _loop.Lanes, () => new LibrdkafkaBroker(kafka, options.Node, log), time, log),
                logger
            );
        }

        _thread = new Thread(Run) { Name = "stream", IsBackground = true };
        _thread.Start();
        _timer = time.CreateTimer(_ => Wake(isDue: true), null, MaintenanceInterval, MaintenanceInterval);
    }

    public StreamOptions Options { get; }

    /// <summary>Opens the journal and starts.</summary>
    /// <exception cref="IOException">The folder cannot be used, or another process has it; the message names it.</exception>
    public static EventStream Start(StreamOptions options, TimeProvider time, ILogger logger) => new(options, time, logger);

    /// <summary>Gives a row away: it is the stream's from now on. From any thread; never waits.</summary>
    /// <returns>False: there was no room; it is counted as dropped.</returns>
    public bool TryPublish(IStreamEvent row)
    {
        var isTaken = _loop.TryAdd(row);
        _work.Set();
        return isTaken;
    }

    /// <summary>Copies flow rows, best by the hundred. From any thread; never waits, allocates nothing once it is warm.</summary>
    /// <returns>How many, from the first on, found room; the others are counted as dropped.</returns>
    public int Publish(ReadOnlySpan<FlowRow> rows)
    {
        var taken = _loop.Add(rows);
        _work.Set();
        return taken;
    }

    /// <summary>Of all topics, in the order of <see cref="Topic.All"/>.</summary>
    public IReadOnlyList<TopicStatistics> Statistics() => [.. _loop.Lanes.Select(lane => lane.Snapshot())];

    /// <summary>Reads a topic's rows from a sequence on. The caller disposes of it.</summary>
    public JournalReader Read(Topic topic, ulong from) => new(JournalOf(topic), from);

    internal TopicJournal JournalOf(Topic topic) => _loop.Lanes[topic.Index].Journal;

    /// <summary>Writes what was published before, and stops.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        _isStopping = true;
        _work.Set();
        _thread.Join();
        _loop.Drain();
        _kafka?.Dispose();
        _loop.Dispose();
        _folder.Dispose();
    }

    private void Wake(bool isDue)
    {
        _isDue |= isDue;
        _work.Set();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            _work.WaitOne();
            try
            {
                if (_loop.Drain())
                {
                    _work.Set();
                }

                if (_isDue)
                {
                    _isDue = false;
                    _loop.Expire();
                }
            }
            catch (Exception exception)
            {
                LogFault(exception);
            }
        }
    }

    private void Complain(TopicLane lane, IOException exception)
    {
        // A full disk refuses thousands of times a second.
        if (_lastComplaint == 0 || _time.GetElapsedTime(_lastComplaint) > MaintenanceInterval * 10)
        {
            _lastComplaint = _time.GetTimestamp();
            LogDiskFailure(lane.Topic.Name, exception.Message);
        }
    }

    [LoggerMessage(1601, LogLevel.Error, "stream: rows of {Topic} cannot be written to the journal and are dropped: {Reason}")]
    private partial void LogDiskFailure(string topic, string reason);

    [LoggerMessage(1602, LogLevel.Critical, "stream: a fault of this program itself; it goes on with the next row.")]
    private partial void LogFault(Exception exception);
}
