using Fabric.Runtime;

namespace Fabric.Agent.Tests;

/// <summary>A loop that runs when the test says so, and a clock that moves when the test says so; it starts at an odd date.</summary>
internal sealed class ManualLoop : TimeProvider, IEventLoop
{
    private readonly Queue<Action> _posts = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2041, 3, 9, 23, 59, 58, TimeSpan.Zero);

    public TimeProvider Time => this;

    public bool IsCurrent { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Post<T>(Action<T> work, T argument) => _posts.Enqueue(() => work(argument));

    public void Run(Action work)
    {
        Post(static work => work(), work);
        RunAll();
    }

    public void RunAll()
    {
        IsCurrent = true;
        while (_posts.TryDequeue(out var work))
        {
            work();
        }

        IsCurrent = false;
    }

    public void Advance(TimeSpan by)
    {
        var end = _now + by;
        while (_timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due) is { } next)
        {
            _now = next.Due!.Value > _now ? next.Due.Value : _now;
            next.Fire();
            RunAll();
        }

        _now = end;
    }

    private sealed class ManualTimer : ITimer
    {
        private readonly ManualLoop _loop;
        private readonly Action _fire;

        public ManualTimer(ManualLoop loop, Action fire)
        {
            _loop = loop;
            _fire = fire;
            loop._timers.Add(this);
        }

        public DateTimeOffset? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : _loop._now + dueTime;
            return true;
        }

        public void Fire()
        {
            Due = null;
            _fire();
        }

        public void Dispose() => _loop._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
