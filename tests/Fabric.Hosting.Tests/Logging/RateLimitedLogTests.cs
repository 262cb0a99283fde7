using Fabric.Hosting.Logging;
using Fabric.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fabric.Hosting.Tests.Logging;

public sealed partial class RateLimitedLogTests
{
    private static readonly LogRate s_rate = new()
    {
        SubjectBurst = 3,
        SubjectPerSecond = 1,
        EventBurst = 8,
        EventPerSecond = 4,
        MaxSubjects = 10,
    };

    private ManualTime _time = null!;
    private WrittenLines _lines = null!;
    private RateLimitedLoggerProvider _provider = null!;
    private ILogger _log = null!;

    [SetUp]
    public void Start()
    {
        _time = new ManualTime();
        _lines = new WrittenLines();
        _provider = new RateLimitedLoggerProvider(_lines, s_rate, _time);
        _log = _provider.CreateLogger("bgp");
    }

    [TearDown]
    public void Stop()
    {
        _provider.Dispose();
        _lines.Dispose();
    }

    [Test]
    public void After_a_burst_a_neighbour_has_so_many_lines_a_second()
    {
        Down("gw1", times: 100);
        Assert.That(_lines.Take(), Is.EqualTo(["gw1 is down", "gw1 is down", "gw1 is down"]));

        // The flood goes on: each second one more.
        for (var second = 0; second < 5; second++)
        {
            Assert.That(_lines.Take(), Is.Empty);
            _time.Advance(TimeSpan.FromMilliseconds(500));
            Down("gw1", times: 1);
            _time.Advance(TimeSpan.FromMilliseconds(500));
            Down("gw1", times: 1);
            Assert.That(_lines.Take(), Is.EqualTo(["gw1 is down"]));
        }
    }

    [Test]
    public void When_it_is_over_one_line_says_how_many_were_not_written()
    {
        Down("gw1", times: 100);
        _lines.Take();

        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_lines.Take(), Is.EqualTo(["97 more like event 7001 'gw1' were not written in 1 s"]));
    }

    [Test]
    public void A_flood_without_end_is_told_of_each_minute()
    {
        for (var step = 0; step < 250; step++)
        {
            Down("gw1", times: 10);
            _time.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.That(_lines.Take().Count(line => line.Contains("not written", StringComparison.Ordinal)), Is.EqualTo(2));
    }

    [Test]
    public void One_noisy_neighbour_hides_no_other()
    {
        Down("gw1", times: 100);
        _lines.Take();

        Down("gw2", times: 1);

        Assert.That(_lines.Take(), Is.EqualTo(["gw2 is down"]));
    }

    [Test]
    public void Many_noisy_neighbours_share_the_limit_of_their_event_and_another_event_is_written()
    {
        for (var number = 0; number < 100; number++)
        {
            Down($"gw{number}", times: 1);
        }

        LogUp(_log, "gw1");

        var written = _lines.Take();
        Assert.That(written, Has.Count.EqualTo(s_rate.EventBurst + 1));
        Assert.That(written[^1], Is.EqualTo("gw1 is up"));
    }

    [Test]
    public void Subjects_beyond_the_limit_are_not_remembered_and_quiet_ones_are_forgotten()
    {
        var limiter = new LogRateLimiter(s_rate, _time);
        for (var number = 0; number < 100; number++)
        {
            limiter.Admits(new LogKind("bgp", 7001, $"gw{number}"), LogLevel.Warning, _log);
        }

        Assert.That(limiter.Subjects, Is.EqualTo(s_rate.MaxSubjects));

        _time.Advance(TimeSpan.FromMinutes(1));
        limiter.Report();
        limiter.Report();
        Assert.That(limiter.Subjects, Is.Zero);
    }

    [Test]
    public void Critical_lines_are_all_written()
    {
        for (var number = 0; number < 100; number++)
        {
            LogFault(_log, "gw1");
        }

        Assert.That(_lines.Take(), Has.Count.EqualTo(100));
    }

    [Test]
    public void At_the_end_of_the_program_what_was_not_written_is_told()
    {
        Down("gw1", times: 5);
        _lines.Take();

        _provider.Dispose();

        Assert.That(_lines.Take(), Is.EqualTo(["2 more like event 7001 'gw1' were not written in 0 s"]));
    }

    [Test]
    public void A_programs_log_is_limited([Values] LogFormat format)
    {
        using var services = new ServiceCollection().AddLogging(logging => logging.AddHostLog(format)).BuildServiceProvider();

        Assert.That(services.GetServices<ILoggerProvider>().Single(), Is.TypeOf<RateLimitedLoggerProvider>());
    }

    [LoggerMessage(7001, LogLevel.Warning, "{Neighbor} is down")]
    private static partial void LogDown(ILogger logger, string neighbor);

    [LoggerMessage(7002, LogLevel.Information, "{Neighbor} is up")]
    private static partial void LogUp(ILogger logger, string neighbor);

    [LoggerMessage(7003, LogLevel.Critical, "{Neighbor} met a fault")]
    private static partial void LogFault(ILogger logger, string neighbor);

    private void Down(string neighbor, int times)
    {
        for (var time = 0; time < times; time++)
        {
            LogDown(_log, neighbor);
        }
    }

    private sealed class WrittenLines : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public List<string> Take()
        {
            List<string> taken = [.. _lines];
            _lines.Clear();
            return taken;
        }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => _lines.Add(formatter(state, exception));

        public void Dispose() { }
    }
}
