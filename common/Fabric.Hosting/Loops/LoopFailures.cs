using Microsoft.Extensions.Logging;

namespace Fabric.Hosting.Loops;

/// <summary>An exception that escaped from a loop's work is a bug of ours: said loudly, and the loop goes on.</summary>
public sealed partial class LoopFailures(ILogger logger)
{
    private long _count;

    /// <summary>Since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    public void Report(Exception exception)
    {
        Interlocked.Increment(ref _count);
        LogFailure(exception);
    }

    [LoggerMessage(1001, LogLevel.Critical, "A fault of this program itself; it goes on with the next message.")]
    private partial void LogFailure(Exception exception);
}
