using Fabric.Primitives;

namespace Fabric.Controller.Agents;

internal sealed partial class AgentServer
{
    [LoggerMessage(1201, LogLevel.Information, "Agent {Agent} at {Address} is connected")]
    private partial void LogEstablished(string agent, IpAddress address);

    [LoggerMessage(1202, LogLevel.Warning, "Agent {Agent} is lost: {Reason}")]
    private partial void LogDown(string agent, string reason);

    [LoggerMessage(1203, LogLevel.Warning, "Agent {Agent}: route {Prefix} in {Vrf} refused: {Reason}")]
    private partial void LogRefused(string agent, string vrf, IpPrefix prefix, string reason);

    [LoggerMessage(1204, LogLevel.Warning, "Agent {Agent}: input skipped: {Reason}")]
    private partial void LogSkipped(string agent, string reason);

    [LoggerMessage(1205, LogLevel.Information, "Agent {Agent} has sent all its routes")]
    private partial void LogEndOfRib(string agent);

    [LoggerMessage(1206, LogLevel.Warning, "Agent {Agent} asks for {Vrf}, in which its host has no port: it is told nothing of it")]
    private partial void LogWaits(string agent, string vrf);

    [LoggerMessage(1207, LogLevel.Warning, "An agent's connection from {Address} was refused: it has {Count} already")]
    private partial void LogTooMany(IpAddress address, int count);
}
