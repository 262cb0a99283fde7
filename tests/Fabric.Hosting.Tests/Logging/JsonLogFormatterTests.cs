using Fabric.Hosting.Logging;
using Fabric.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fabric.Hosting.Tests.Logging;

public sealed partial class JsonLogFormatterTests
{
    [Test]
    public void A_line_is_one_object_with_the_values_of_its_message()
    {
        var line = Line(logger => LogNotEstablished(logger, "gw\"1\"", 90.5, 3, true, null));

        Assert.That(
            line,
            Is.EqualTo(
                """
                {"time":"2041-03-09T23:59:58.000Z","level":"warning","event-id":7001,"event":"not-established","category":"bgp","message":"No session with gw\"1\": 90.5 3 True (null)","neighbor":"gw\"1\"","hold-seconds":90.5,"vif":3,"is-first":true,"reason":null}

                """
            )
        );
    }

    [Test]
    public void An_exception_with_its_lines_stays_in_the_line()
    {
        var line = Line(logger => LogFailure(logger, new IOException("first\nsecond")));

        Assert.That(line, Does.EndWith(",\"exception\":\"System.IO.IOException: first\\nsecond\"}\n"));
    }

    [TestCase("LogNotEstablished", "not-established")]
    [TestCase("Log", "log")]
    [TestCase("HoldSeconds", "hold-seconds")]
    public void Names_are_in_small_letters(string name, string expected) => Assert.That(EventName.Of(name), Is.EqualTo(expected));

    private static string Line(Action<ILogger> log)
    {
        using var text = new StringWriter();
        log(new FormattingLogger(text));
        return text.ToString();
    }

    [LoggerMessage(7001, LogLevel.Warning, "No session with {Neighbor}: {HoldSeconds} {Vif} {IsFirst} {Reason}")]
    private static partial void LogNotEstablished(
        ILogger logger,
        string neighbor,
        double holdSeconds,
        uint vif,
        bool isFirst,
        string? reason
    );

    [LoggerMessage(7002, LogLevel.Critical, "A fault")]
    private static partial void LogFailure(ILogger logger, Exception exception);

    private sealed class FormattingLogger(TextWriter text) : ILogger
    {
        private readonly JsonLogFormatter _formatter = new(new ManualTime());

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => _formatter.Write(new LogEntry<TState>(logLevel, "bgp", eventId, state, exception, formatter), null, text);
    }
}
