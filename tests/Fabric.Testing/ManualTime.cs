namespace Fabric.Testing;

/// <summary>A clock that moves when the test says so; it starts at an odd date so that code that reads the real clock shows. For any thread.</summary>
public sealed class ManualTime : TimeProvider
{
    private static readonly DateTimeOffset _start = new(2041, 3, 9, 23, 59, 58, TimeSpan.Zero);

    // The monotonic clock of a machine counts from its start, not from that of our era.
    private static readonly DateTimeOffset _startOfMachine = _start - TimeSpan.FromHours(7);

    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = _start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => (GetUtcNow() - _startOfMachine).Ticks;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    /// <summary>Moves the clock from timer to timer, so that each fires at its own time, the earliest first.</summary>
    /// <param name="by">How far.</param>
    /// <param name="fired">Called after each timer, with the clock at its time.</param>
    public void Advance(TimeSpan by, Action? fired = null)
    {
        var end = GetUtcNow() + by;
        while (MoveToNext(end) is { } next)
        {
            next.Fire();
            fired?.Invoke();
        }

        lock (_gate)
        {
            _now = end;
        }
    }

    private ManualTimer? MoveToNext(DateTimeOffset end)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (next is not null)
            {
                _now = next.Due!.Value > _now ? next.Due.Value : _now;
                next.Rearm();
            }

            return next;
        }
    }

    private sealed class ManualTimer(ManualTime owner, Action fire) : ITimer
    {
        private TimeSpan _period;

        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            // Like the system's, whose timers count milliseconds in 32 bits.
            ArgumentOutOfRangeException.ThrowIfGreaterThan(dueTime.TotalMilliseconds, uint.MaxValue - 1);
            lock (owner._gate)
            {
                Due = dueTime == Timeout.InfiniteTimeSpan ? null : owner._now + dueTime;
                _period = period;
            }

            return true;
        }

        public void Rearm() => Due = _period == Timeout.InfiniteTimeSpan || _period == TimeSpan.Zero ? null : Due + _period;

        public void Fire() => fire();

        public void Dispose()
        {
            lock (owner._gate)
            {
                owner._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
