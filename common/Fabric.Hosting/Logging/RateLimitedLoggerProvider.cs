using Microsoft.Extensions.Logging;

namespace Fabric.Hosting.Logging;

/// <summary>The console behind a limit of lines; the console itself belongs to whoever made it.</summary>
internal sealed class RateLimitedLoggerProvider : ILoggerProvider
{
    private readonly ILoggerProvider _inner;
    private readonly LogRateLimiter _limiter;
    private readonly ITimer _timer;

    public RateLimitedLoggerProvider(ILoggerProvider inner, LogRate rate, TimeProvider time)
    {
        _inner = inner;
        _limiter = new LogRateLimiter(rate, time);
        _timer = time.CreateTimer(_ => _limiter.Report(), null, LogRateLimiter.Quiet, LogRateLimiter.Quiet);
    }

    public ILogger CreateLogger(string categoryName) => new RateLimitedLogger(_inner.CreateLogger(categoryName), categoryName, _limiter);

    public void Dispose()
    {
        _timer.Dispose();
        _limiter.Report(isEnd: true);
    }
}
