using Fabric.Agent.Node;
using Microsoft.Extensions.Logging;

namespace Fabric.Agent.Tests;

/// <summary>What an agent told its operator: levels and lines.</summary>
internal sealed class ListLogger : ILogger<AgentNode>
{
    public List<(LogLevel Level, string Line)> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => Lines.Add((logLevel, formatter(state, exception)));
}
