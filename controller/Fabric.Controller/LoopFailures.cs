namespace Fabric.Controller;

/// <summary>An exception that escaped from a loop's work is a bug of ours: said loudly, and the loop goes on.</summary>
internal sealed partial class LoopFailures(ILogger logger)
{
    public void Report(Exception exception) => LogFailure(exception);

    [LoggerMessage(1001, LogLevel.Critical, "A message failed; this is a bug")]
    private partial void LogFailure(Exception exception);
}
