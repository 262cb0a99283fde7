using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Fabric.Hosting.Logging;

/// <summary>The log of a program: lines on standard output, so many of a kind (<see cref="LogRate"/>).</summary>
public static class HostLogging
{
    /// <summary>The same log for a program that needs one before it serves.</summary>
    public static ILoggerFactory CreateFactory(LogFormat format) => LoggerFactory.Create(logging => logging.AddHostLog(format));

    public static ILoggingBuilder AddHostLog(this ILoggingBuilder logging, LogFormat format)
    {
        logging.Services.AddSingleton(TimeProvider.System);
        logging.AddConsole(console =>
        {
            console.FormatterName = format == LogFormat.Json ? JsonLogFormatter.FormatterName : ConsoleFormatterNames.Simple;

            // A reader that has stopped reading must not stop the loops; the console says how many lines it lost.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        var provider = logging.Services.Single(service => service.ImplementationType == typeof(ConsoleLoggerProvider));
        logging.Services.Remove(provider);
        logging.Services.AddSingleton<ConsoleLoggerProvider>();
        logging.Services.AddSingleton<ILoggerProvider>(services => new RateLimitedLoggerProvider(
            services.GetRequiredService<ConsoleLoggerProvider>(),
            LogRate.Default,
            services.GetRequiredService<TimeProvider>()
        ));
        logging.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
        logging.Services.Configure<SimpleConsoleFormatterOptions>(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // A failed start is told by the program itself, in one line.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        return logging;
    }
}
