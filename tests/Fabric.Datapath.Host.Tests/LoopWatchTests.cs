using Fabric.Datapath.Host.Loop;
using Fabric.Testing;
using Microsoft.Extensions.Logging;

namespace Fabric.Datapath.Host.Tests;

public sealed class LoopWatchTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _log = [];
    private LoopWatch _watch = null!;

    [SetUp]
    public void Begin()
    {
        _log.Clear();
        _watch = new LoopWatch(_time, new ListLogger(_log));
        _watch.Start();
    }

    [TearDown]
    public void End() => _watch.Dispose();

    [Test]
    public void A_loop_that_beats_is_not_stuck()
    {
        for (var i = 0; i < 100; i++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            _watch.Beat();
        }

        Assert.That((_watch.IsStuck, _log.Count), Is.EqualTo((false, 0)));
    }

    [Test]
    public void A_loop_that_is_silent_for_five_seconds_is_told_once_and_so_is_its_return()
    {
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.That(_watch.IsStuck, Is.True);
        Assert.That(_log, Has.Count.EqualTo(1).And.Some.Contains("has not run for 5 s"));

        _watch.Beat();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(_watch.IsStuck, Is.False);
        Assert.That(_log, Has.Count.EqualTo(2).And.Some.Contains("runs again"));
    }

    private sealed class ListLogger(List<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Add(formatter(state, exception));
    }
}
