namespace Fabric.Datapath.Host;

internal static partial class DatapathHost
{
    [LoggerMessage(1, LogLevel.Information, "Node {Node} started: uplink {Uplink}, agent channel {AgentSocket}, inspection {ApiSocket}.")]
    private static partial void LogStarted(ILogger logger, string node, string uplink, string agentSocket, string apiSocket);

    [LoggerMessage(2, LogLevel.Information, "Ending. The guard rules stay; fabric-dp --detach removes them.")]
    private static partial void LogEnding(ILogger logger);
}
