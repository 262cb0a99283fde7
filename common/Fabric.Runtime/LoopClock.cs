namespace Fabric.Runtime;

/// <summary>
/// The clock of a loop that waits for its descriptors itself: a timer ends that wait, and rings on the loop's thread. The system's own wakes two
/// threads of the pool for each ring, which look for more work for a while, beside the loop, and what the loop serves waits for the processor.
/// <para>Its timers stand still with their loop: who watches the loop takes another clock.</para>
/// </summary>
/// <param name="loop">The owner.</param>
/// <param name="source">What time it is.</param>
public sealed class LoopClock(IEventLoop loop, TimeProvider source) : TimeProvider
{
    private const long Never = long.MaxValue;

    private readonly SortedSet<Timer> _set = new(Comparer<Timer>.Create(static (one, other) => one.Place.CompareTo(other.Place)));
    private long _next = Never;
    private long _lastNumber;

    public override long TimestampFrequency => source.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => source.LocalTimeZone;

    public override long GetTimestamp() => source.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => source.GetUtcNow();

    /// <summary>From any thread. What is set from another one than the loop's counts from when the loop hears of it.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new Timer(this, Interlocked.Increment(ref _lastNumber), callback, state);
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            Set(timer, dueTime, period);
        }

        return timer;
    }

    /// <summary>How long the loop may wait: until the next timer rings, rounded up, so that it is not before its time; -1 without any. On the loop.</summary>
    public int MillisecondsLeft()
    {
        if (_next == Never)
        {
            return Timeout.Infinite;
        }

        var left = Math.Max(_next - GetTimestamp(), 0);
        return (int)Math.Min(Math.Ceiling(left * 1000.0 / TimestampFrequency), int.MaxValue);
    }

    /// <summary>
    /// What rings by a time, the earliest first, and is set no more then unless it has a period; null when there is nothing. On the loop, which takes
    /// the time once a turn: what is set anew by a ring comes in the next one.
    /// </summary>
    public Action? TakeDue(long then)
    {
        if (_next == Never || _next > then)
        {
            return null;
        }

        var due = _set.Min!;
        due.Set(due.Period, due.Period);
        return due.Ring;
    }

    private void Set(Timer timer, TimeSpan dueTime, TimeSpan period)
    {
        if (loop.IsCurrent)
        {
            timer.Set(dueTime, period);
        }
        else
        {
            loop.Post(static change => change.timer.Set(change.dueTime, change.period), (timer, dueTime, period));
        }
    }

    private sealed class Timer(LoopClock clock, long number, TimerCallback callback, object? state) : ITimer
    {
        private long _due = Never;
        private volatile bool _isDisposed;

        /// <summary>In the order of ringing.</summary>
        public (long Due, long Number) Place => (_due, number);

        public TimeSpan Period { get; private set; } = Timeout.InfiniteTimeSpan;

        public Action Ring { get; } = () => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed)
            {
                return false;
            }

            clock.Set(this, dueTime, period);
            return true;
        }

        public void Set(TimeSpan dueTime, TimeSpan period)
        {
            if (_due != Never)
            {
                clock._set.Remove(this);
            }

            Period = period > TimeSpan.Zero ? period : Timeout.InfiniteTimeSpan;
            _due =
                _isDisposed || dueTime == Timeout.InfiniteTimeSpan
                    ? Never
                    : clock.GetTimestamp() + (long)(dueTime.TotalSeconds * clock.TimestampFrequency);
            if (_due != Never)
            {
                clock._set.Add(this);
            }

            clock._next = clock._set.Min?._due ?? Never;
        }

        public void Dispose()
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                clock.Set(this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
