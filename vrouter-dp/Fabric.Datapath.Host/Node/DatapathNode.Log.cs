namespace Fabric.Datapath.Host.Node;

public sealed partial class DatapathNode
{
    [LoggerMessage(200, LogLevel.Information, "The agent connected.")]
    private partial void LogAgentConnected();

    [LoggerMessage(201, LogLevel.Information, "The agent's connection ended: {Reason}. Tables stay at generation {Generation}.")]
    private partial void LogAgentClosed(string reason, ulong generation);

    [LoggerMessage(202, LogLevel.Warning, "Batch of generation {Generation} has entries that were left out: {Error}")]
    private partial void LogBatchFaulty(ulong generation, string error);
}
