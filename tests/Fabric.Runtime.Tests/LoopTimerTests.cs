using Fabric.Testing;

namespace Fabric.Runtime.Tests;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LoopTimerTests
{
    private readonly ManualLoop _loop = new();
    private int _fired;

    [Test]
    public void It_fires_once_on_the_loop_when_its_time_has_come()
    {
        using var timer = new LoopTimer(_loop, () => _fired++);
        timer.Set(TimeSpan.FromSeconds(3));

        _loop.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.That(_fired, Is.Zero, "not before the loop runs");
        _loop.RunPosted();
        _loop.Time.Advance(TimeSpan.FromSeconds(30));
        _loop.RunPosted();

        Assert.That((_fired, timer.IsSet), Is.EqualTo((1, false)));
    }

    [Test]
    public void A_firing_that_was_queued_when_the_timer_was_cancelled_is_dropped()
    {
        using var timer = new LoopTimer(_loop, () => _fired++);
        timer.Set(TimeSpan.FromSeconds(3));
        _loop.Time.Advance(TimeSpan.FromSeconds(3));

        timer.Cancel();
        _loop.RunPosted();

        Assert.That(_fired, Is.Zero);
    }

    [Test]
    public void A_firing_that_was_queued_when_the_timer_was_set_anew_waits_for_the_new_time()
    {
        using var timer = new LoopTimer(_loop, () => _fired++);
        timer.Set(TimeSpan.FromSeconds(3));
        _loop.Time.Advance(TimeSpan.FromSeconds(3));

        timer.Set(TimeSpan.FromSeconds(10));
        _loop.RunPosted();
        Assert.That(_fired, Is.Zero);

        _loop.Time.Advance(TimeSpan.FromSeconds(11));
        _loop.RunPosted();
        Assert.That(_fired, Is.EqualTo(1));
    }

    [Test]
    public void A_time_that_is_put_off_again_and_again_comes_after_the_last_time()
    {
        using var timer = new LoopTimer(_loop, () => _fired++);
        for (var i = 0; i < 100; i++)
        {
            timer.Set(TimeSpan.FromSeconds(90));
            _loop.Advance(TimeSpan.FromSeconds(1.7));
        }

        _loop.Advance(TimeSpan.FromSeconds(88.299));
        Assert.That(_fired, Is.Zero);
        _loop.Advance(TimeSpan.FromMilliseconds(1));
        Assert.That(_fired, Is.EqualTo(1));
    }

    [Test]
    public void A_time_that_is_brought_forward_comes_at_the_earlier_one()
    {
        using var timer = new LoopTimer(_loop, () => _fired++);
        timer.Set(TimeSpan.FromSeconds(90));
        timer.Set(TimeSpan.FromSeconds(5));
        _loop.Advance(TimeSpan.FromSeconds(5));
        Assert.That(_fired, Is.EqualTo(1));

        timer.Set(TimeSpan.FromSeconds(90));
        _loop.Advance(TimeSpan.FromSeconds(90));
        Assert.That(_fired, Is.EqualTo(2));
    }

    [Test]
    public void One_that_was_cancelled_comes_at_the_time_that_it_is_set_to_then()
    {
        using var timer = new LoopTimer(_loop, () => _fired++);
        timer.Set(TimeSpan.FromSeconds(3));
        timer.Cancel();
        timer.Set(TimeSpan.FromSeconds(10));
        _loop.Advance(TimeSpan.FromSeconds(9));
        Assert.That(_fired, Is.Zero);
        _loop.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_fired, Is.EqualTo(1));
    }

    [Test]
    public void A_time_that_is_longer_than_the_systems_timers_take_is_kept_to_the_second()
    {
        // The long-lived stale time has 24 bits of seconds (RFC 9494 section 3.1).
        var longest = TimeSpan.FromSeconds((1 << 24) - 1);
        using var timer = new LoopTimer(_loop, () => _fired++);

        timer.Set(longest);

        _loop.Advance(longest - TimeSpan.FromSeconds(1));
        Assert.That(_fired, Is.Zero);
        _loop.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_fired, Is.EqualTo(1));
    }
}
