using Microsoft.Extensions.Logging;

namespace Fabric.Hosting.Logging;

/// <summary>
/// Says which lines are written. Those that are not are counted, and one line tells their number when the flood is over. What it remembers is
/// bounded: subjects are forgotten once their bucket is full again, and beyond <see cref="LogRate.MaxSubjects"/> they share their event's.
/// Any thread may call it.
/// </summary>
internal sealed partial class LogRateLimiter(LogRate rate, TimeProvider time)
{
    /// <summary>Silence after which a flood is over; also how often <see cref="Report"/> is to be called.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<LogKind, Flow> _flows = [];
    private int _subjects;

    /// <summary>First values that are told apart now.</summary>
    public int Subjects => _subjects;

    /// <param name="kind">With its subject.</param>
    /// <param name="level">A critical line is always written.</param>
    /// <param name="target">Where the number of those that are not written goes.</param>
    public bool Admits(LogKind kind, LogLevel level, ILogger target)
    {
        if (level == LogLevel.Critical)
        {
            return true;
        }

        lock (_lock)
        {
            var own = Find(kind, target);
            if (own is not null && !own.Bucket.TryTake())
            {
                own.Suppress(time.GetTimestamp());
                return false;
            }

            var all = Find(kind with { Subject = null }, target)!;
            if (all.Bucket.TryTake())
            {
                return true;
            }

            all.Suppress(time.GetTimestamp());
            return false;
        }
    }

    /// <summary>Tells of the floods that are over, or last for long, and forgets what is quiet.</summary>
    /// <param name="isEnd">Tells of all: the program ends.</param>
    public void Report(bool isEnd = false)
    {
        List<(LogKind Kind, Flow Flow, long Count, TimeSpan Time)> over = [];
        lock (_lock)
        {
            foreach (var (kind, flow) in _flows)
            {
                if (flow.Count == 0)
                {
                    Forget(kind, flow);
                }
                else if (isEnd || time.GetElapsedTime(flow.Last) >= Quiet || time.GetElapsedTime(flow.First) >= rate.ReportInterval)
                {
                    over.Add((kind, flow, flow.Count, time.GetElapsedTime(flow.First)));
                    flow.Reset();
                }
            }
        }

        foreach (var (kind, flow, count, duration) in over)
        {
            LogSuppressed(flow.Target, count, kind.EventId, kind.Subject ?? "all", duration.TotalSeconds);
        }
    }

    [LoggerMessage(1002, LogLevel.Warning, "{Count} more like event {Suppressed} '{Subject}' were not written in {Seconds:F0} s")]
    private static partial void LogSuppressed(ILogger logger, long count, int suppressed, string subject, double seconds);

    private Flow? Find(LogKind kind, ILogger target)
    {
        if (_flows.TryGetValue(kind, out var flow))
        {
            return flow;
        }

        if (kind.Subject is null)
        {
            flow = new Flow(new TokenBucket(rate.EventBurst, rate.EventPerSecond, time), target);
        }
        else if (_subjects < rate.MaxSubjects)
        {
            _subjects++;
            flow = new Flow(new TokenBucket(rate.SubjectBurst, rate.SubjectPerSecond, time), target);
        }
        else
        {
            return null;
        }

        _flows.Add(kind, flow);
        return flow;
    }

    private void Forget(LogKind kind, Flow flow)
    {
        if (flow.Bucket.IsFull && _flows.Remove(kind) && kind.Subject is not null)
        {
            _subjects--;
        }
    }

    private sealed class Flow(TokenBucket bucket, ILogger target)
    {
        public TokenBucket Bucket => bucket;

        public ILogger Target => target;

        /// <summary>Lines that were not written since the last report.</summary>
        public long Count { get; private set; }

        public long First { get; private set; }

        public long Last { get; private set; }

        public void Suppress(long now)
        {
            First = Count == 0 ? now : First;
            Last = now;
            Count++;
        }

        public void Reset() => Count = 0;
    }
}
