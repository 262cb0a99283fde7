namespace Fabric.Datapath.Host;

internal static partial class DatapathHost
{
    [LoggerMessage(
        1,
        LogLevel.Information,
        "Node {Node} started: uplink {Uplink}, {Workers} workers, agent channel {AgentSocket}, inspection {ApiSocket}."
    )]
    private static partial void LogStarted(ILogger logger, string node, string uplink, int workers, string agentSocket, string apiSocket);

    [LoggerMessage(
        3,
        LogLevel.Information,
        "The kernel's programs are loaded ({HookKind}); flows of an earlier process taken over: {TookOver}."
    )]
    private static partial void LogCache(ILogger logger, string hookKind, bool tookOver);

    [LoggerMessage(4, LogLevel.Warning, "The C# pipeline forwards alone: {Problem}")]
    private static partial void LogNoCache(ILogger logger, string problem);

    [LoggerMessage(2, LogLevel.Information, "Ending. Guard rules and established flows stay; fabric-dp --detach removes them.")]
    private static partial void LogEnding(ILogger logger);

    [LoggerMessage(5, LogLevel.Debug, "{Packets} packets were rehearsed.")]
    private static partial void LogRehearsed(ILogger logger, int packets);

    [LoggerMessage(6, LogLevel.Warning, "What an earlier run may have left in the kernel was not removed as a whole: {Problem}")]
    private static partial void LogNotRemoved(ILogger logger, string problem);

    [LoggerMessage(7, LogLevel.Warning, "The workers have no priority over machines (CAP_SYS_NICE is missing): {Problem}")]
    private static partial void LogNoPriority(ILogger logger, string problem);
}
