using Fabric.Hosting.Loops;
using Fabric.Hosting.Metrics;
using Fabric.Testing;
using Microsoft.Extensions.Logging;

namespace Fabric.Hosting.Tests.Loops;

[TestFixture]
public sealed class LoopWatchTests
{
    private readonly ListLogger<LoopWatch> _logger = new();
    private ManualLoop _loop = null!;
    private LoopWatch _watch = null!;

    [SetUp]
    public void Begin()
    {
        _logger.Clear();
        _loop = new ManualLoop();
        _watch = new LoopWatch("routing", "no route changes", _loop, _loop.Time, _logger).Start();
    }

    [TearDown]
    public void End() => _watch.Dispose();

    [Test]
    public void A_loop_that_answers_is_not_stuck()
    {
        _loop.Advance(TimeSpan.FromMinutes(1));
        Assert.That((_watch.IsStuck, _watch.Silence, _logger.Lines.Count), Is.EqualTo((false, TimeSpan.Zero, 0)));
    }

    [Test]
    public void A_loop_that_hangs_is_told_once_within_six_seconds_and_so_is_its_return()
    {
        _loop.Time.Advance(TimeSpan.FromSeconds(6));
        Assert.That(_watch.IsStuck, Is.True);
        Assert.That(_logger.Lines, Is.EqualTo(new[] { (LogLevel.Critical, "The routing loop has not run for 5 s: no route changes.") }));

        _loop.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(_logger.Lines, Has.Count.EqualTo(1));
        Assert.That(_loop.Queued, Is.EqualTo(1), "one question waits, not one for each look");

        _loop.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_watch.IsStuck, Is.False);
        Assert.That(_logger.Lines[^1], Is.EqualTo((LogLevel.Information, "The routing loop runs again.")));
    }

    [Test]
    public void What_an_answer_takes_is_counted()
    {
        _loop.Advance(TimeSpan.Zero);
        _loop.Time.Advance(TimeSpan.FromMilliseconds(250));
        _loop.Time.Advance(TimeSpan.FromMilliseconds(30));
        _loop.RunPosted();
        Assert.That(_watch.Latency.Sum, Is.EqualTo(0.03).Within(1e-6));
    }

    [Test]
    public async Task A_page_of_metrics_tells_of_a_stuck_loop_and_leaves_out_what_it_owns()
    {
        _loop.Time.Advance(TimeSpan.FromSeconds(6));
        var failures = new LoopFailures(_logger);
        failures.Report(new InvalidOperationException("a bug"));
        var page = await new MetricsPage(failures, _watch).Add(_watch, text => text.Gauge("fabric_vrfs", "VRFs.").Sample(3)).WriteAsync();

        Assert.That(page, Does.Contain("fabric_loop_stuck{loop=\"routing\"} 1\n"));
        Assert.That(page, Does.Contain("fabric_metrics_complete{loop=\"routing\"} 0\n"));
        Assert.That(page, Does.Contain("fabric_loop_faults_total 1\n"));
        Assert.That(page, Does.Not.Contain("fabric_vrfs"));
        Assert.That(page, Does.Contain("process_cpu_seconds_total"));
    }
}
