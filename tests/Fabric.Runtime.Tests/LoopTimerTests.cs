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
}
