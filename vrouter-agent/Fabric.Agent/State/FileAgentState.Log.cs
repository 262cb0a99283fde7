namespace Fabric.Agent.State;

public sealed partial class FileAgentState
{
    [LoggerMessage(320, LogLevel.Error, "{Path} cannot be used and was moved to {Aside}: {Faults}")]
    private partial void LogCorrupted(string path, string faults, string aside);
}
