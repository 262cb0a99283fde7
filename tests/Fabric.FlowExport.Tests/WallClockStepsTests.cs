namespace Fabric.FlowExport.Tests;

[TestFixture]
public sealed class WallClockStepsTests
{
    [Test]
    public void A_step_is_told_once_and_time_that_passes_is_none()
    {
        var time = new Clock();
        var steps = new WallClockSteps(time);

        time.Pass(TimeSpan.FromHours(5));
        Assert.That(steps.Take(), Is.Zero);
        time.Wall -= TimeSpan.FromHours(1);
        Assert.That((steps.Take(), steps.Take()), Is.EqualTo((-3600 * Rows.Second, 0L)));
        time.Wall += TimeSpan.FromSeconds(0.5);
        Assert.That(steps.Take(), Is.Zero, "clocks drift");
    }

    private sealed class Clock : TimeProvider
    {
        private long _ticks;

        public DateTimeOffset Wall { get; set; } = DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Pass(TimeSpan time)
        {
            Wall += time;
            _ticks += time.Ticks;
        }

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => _ticks;
    }
}
