using Fabric.Testing;

namespace Fabric.Runtime.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LoopClockTests
{
    private readonly Loop _loop = new();
    private readonly List<string> _rung = [];

    [Test]
    public void A_loop_without_timers_waits_for_ever()
    {
        using var timer = Timer("never");

        Assert.That((_loop.Clock.MillisecondsLeft(), RingDue()), Is.EqualTo((Timeout.Infinite, "")));
    }

    [Test]
    public void A_loop_waits_until_the_next_timer_and_no_less()
    {
        using var late = Timer("late");
        using var soon = Timer("soon");
        late.Change(TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        soon.Change(TimeSpan.FromMilliseconds(1.2), Timeout.InfiniteTimeSpan);

        Assert.That(_loop.Clock.MillisecondsLeft(), Is.EqualTo(2), "what is left of a millisecond is waited for");
        Assert.That(RingDue(), Is.Empty);
        _loop.Time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.That((_loop.Clock.MillisecondsLeft(), RingDue()), Is.EqualTo((0, "soon")));
        Assert.That((_loop.Clock.MillisecondsLeft(), RingDue()), Is.EqualTo((2998, "")));
    }

    [Test]
    public void Timers_that_are_due_ring_in_the_order_of_their_times_and_then_of_their_making()
    {
        using var third = Timer("third");
        using var fourth = Timer("fourth");
        using var first = Timer("first");
        using var second = Timer("second");
        fourth.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        third.Change(TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        second.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        first.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);

        _loop.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.That(RingDue(), Is.EqualTo("first second third fourth"));
    }

    [Test]
    public void A_period_sets_the_timer_anew_with_each_ring()
    {
        using var timer = Timer("beat");
        timer.Change(TimeSpan.Zero, TimeSpan.FromSeconds(1));

        Assert.That(RingDue(), Is.EqualTo("beat"));
        Assert.That((_loop.Clock.MillisecondsLeft(), RingDue()), Is.EqualTo((1000, "")));
        _loop.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(RingDue(), Is.EqualTo("beat"));
    }

    [Test]
    public void A_ring_that_sets_its_timer_anew_at_once_does_not_hold_up_the_loop()
    {
        ITimer? again = null;
        using var timer = again = _loop.Clock.CreateTimer(
            _ =>
            {
                _rung.Add("again");
                _loop.Time.Advance(TimeSpan.FromTicks(1));
                again!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            },
            state: null,
            TimeSpan.Zero,
            Timeout.InfiniteTimeSpan
        );

        Assert.That((RingDue(), RingDue()), Is.EqualTo(("again", "again")));
    }

    [Test]
    public void What_is_set_to_nothing_or_disposed_of_does_not_ring()
    {
        using var stopped = Timer("stopped");
        var gone = Timer("gone");
        stopped.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        gone.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        stopped.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        gone.Dispose();
        _loop.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.That((_loop.Clock.MillisecondsLeft(), RingDue()), Is.EqualTo((Timeout.Infinite, "")));
        Assert.That(gone.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan), Is.False);
    }

    [Test]
    public void What_another_thread_sets_counts_from_when_the_loop_hears_of_it()
    {
        using var timer = Timer("posted");
        _loop.IsCurrent = false;
        timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _loop.IsCurrent = true;
        _loop.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(_loop.Clock.MillisecondsLeft(), Is.EqualTo(Timeout.Infinite));

        _loop.RunPosted();

        Assert.That(_loop.Clock.MillisecondsLeft(), Is.EqualTo(1000));
    }

    [Test]
    public void What_another_thread_takes_back_before_the_loop_has_heard_of_it_does_not_ring()
    {
        using var timer = Timer("posted");
        _loop.IsCurrent = false;
        timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _loop.IsCurrent = true;

        _loop.RunPosted();

        Assert.That(_loop.Clock.MillisecondsLeft(), Is.EqualTo(Timeout.Infinite));
    }

    private ITimer Timer(string name) =>
        _loop.Clock.CreateTimer(_ => _rung.Add(name), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private string RingDue()
    {
        _rung.Clear();
        var now = _loop.Clock.GetTimestamp();
        while (_loop.Clock.TakeDue(now) is { } ring)
        {
            ring();
        }

        return string.Join(' ', _rung);
    }

    private sealed class Loop : IEventLoop
    {
        private readonly Queue<Action> _posts = new();

        public Loop() => Clock = new LoopClock(this, Time);

        public ManualTime Time { get; } = new();

        public LoopClock Clock { get; }

        public bool IsCurrent { get; set; } = true;

        public int Queued => _posts.Count;

        TimeProvider IEventLoop.Time => Clock;

        public void Post<T>(Action<T> work, T argument) => _posts.Enqueue(() => work(argument));

        public void RunPosted()
        {
            while (_posts.TryDequeue(out var post))
            {
                post();
            }
        }
    }
}
