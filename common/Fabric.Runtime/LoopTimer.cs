namespace Fabric.Runtime;

/// <summary>
/// A restartable one-shot timer whose callback runs on the loop. A firing that was already on its way when the timer was
/// cancelled or set anew is told apart by the deadline, here and nowhere else. Used on its loop only.
/// <para>
/// To put the deadline off costs a look at the clock: the timer below rings at the old time then, and is set for the rest. So a hold timer may begin
/// anew with each message.
/// </para>
/// </summary>
public sealed class LoopTimer : IDisposable
{
    // A timer of the system takes no more than 49 days, and a long-lived stale time may be 194 (RFC 9494): it is gone in steps.
    private static readonly TimeSpan s_longestStep = TimeSpan.FromDays(1);

    private readonly IEventLoop _loop;
    private readonly Action _elapsed;
    private readonly ITimer _timer;
    private long _deadline;
    private long _ringsAt;
    private bool _willRing;
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
        IsSet = true;
        _deadline = _loop.Time.GetTimestamp() + (long)(due.TotalSeconds * _loop.Time.TimestampFrequency);
        if (!_willRing || _ringsAt > _deadline)
        {
            Ring(due);
        }
    }

    public void Cancel()
    {
        IsSet = false;
        _willRing = false;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        IsSet = false;
        _disposed = true;
        _timer.Dispose();
    }

    private void PostFiring() => _loop.Post(static timer => timer.Fire(), this);

    private void Ring(TimeSpan due)
    {
        _ringsAt = _deadline;
        _willRing = true;
        _timer.Change(due < s_longestStep ? due : s_longestStep, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        if (!IsSet)
        {
            return;
        }

        var left = (double)(_deadline - _loop.Time.GetTimestamp()) / _loop.Time.TimestampFrequency;
        if (left > 0)
        {
            // An older firing, or a timer that rings a moment early, since it counts whole milliseconds: the deadline stands.
            Ring(TimeSpan.FromMilliseconds(Math.Ceiling(left * 1000)));
            return;
        }

        IsSet = false;
        _willRing = false;
        _elapsed();
    }
}
