namespace Fabric.Runtime;

/// <summary>
/// A restartable one-shot timer whose callback runs on the loop. A firing that was already on its way when the timer was
/// cancelled or set anew is told apart by the deadline, here and nowhere else. Used on its loop only.
/// </summary>
public sealed class LoopTimer : IDisposable
{
    private readonly IEventLoop _loop;
    private readonly Action _elapsed;
    private readonly ITimer _timer;
    private long _deadline;
    private bool _disposed;

    public LoopTimer(IEventLoop loop, Action elapsed)
    {
        _loop = loop;
        _elapsed = elapsed;
        _timer = loop.Time.CreateTimer(
            static state => ((LoopTimer)state!).PostFiring(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    public bool IsSet { get; private set; }

    public void Set(TimeSpan due)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var time = _loop.Time;
        IsSet = true;
        _deadline = time.GetTimestamp() + (long)(due.TotalSeconds * time.TimestampFrequency);
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    public void Cancel()
    {
        IsSet = false;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        IsSet = false;
        _disposed = true;
        _timer.Dispose();
    }

    private void PostFiring() => _loop.Post(static timer => timer.Fire(), this);

    private void Fire()
    {
        if (!IsSet)
        {
            return;
        }

        var time = _loop.Time;
        var left = (double)(_deadline - time.GetTimestamp()) / time.TimestampFrequency;
        if (left > 0)
        {
            // An older firing, or a timer that rings a moment early: the deadline stands.
            _timer.Change(TimeSpan.FromSeconds(left) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            return;
        }

        IsSet = false;
        _elapsed();
    }
}
