using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Fabric.Hosting.Logging;

/// <summary>Asks the limiter before each line.</summary>
internal sealed class RateLimitedLogger(ILogger inner, string category, LogRateLimiter limiter) : ILogger
{
    // What is remembered of a value that somebody else may have chosen.
    private const int MaxSubjectLength = 128;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel) && limiter.Admits(new LogKind(category, eventId.Id, Subject(state)), logLevel, inner))
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }

    /// <summary>The first value; the template where there is none, which tells events without ids apart.</summary>
    private static string Subject<TState>(TState state)
    {
        var values = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
        var text = values.Count > 0 ? Convert.ToString(values[0].Value, CultureInfo.InvariantCulture) ?? "" : "";
        return text.Length > MaxSubjectLength ? text[..MaxSubjectLength] : text;
    }
}
