namespace Fabric.Agent.Node;

public sealed partial class AgentNode
{
    [LoggerMessage(300, LogLevel.Information, "Agent of {Name} starts with {PortCount} ports.")]
    private partial void LogStarted(string name, int portCount);

    [LoggerMessage(301, LogLevel.Information, "Session with controller {Controller} is up.")]
    private partial void LogControllerEstablished(string controller);

    [LoggerMessage(302, LogLevel.Warning, "No session with controller {Controller}: {Reason}. What it said before is kept as stale.")]
    private partial void LogControllerDown(string controller, string reason);

    [LoggerMessage(303, LogLevel.Information, "Configuration comes from controller {Controller} now.")]
    private partial void LogConfigPeer(string controller);

    [LoggerMessage(304, LogLevel.Warning, "Passed over input of controller {Controller}: {Reason}")]
    private partial void LogInputSkipped(string controller, string reason);

    [LoggerMessage(305, LogLevel.Warning, "No connection to the data plane at {EndPoint}: {Reason}. It goes on with what it has.")]
    private partial void LogDataPlaneLost(string endPoint, string reason);

    [LoggerMessage(306, LogLevel.Error, "Labels and ids could not be saved: {Reason}. They will change if the agent restarts now.")]
    private partial void LogAllocationsNotSaved(string reason);

    [LoggerMessage(307, LogLevel.Information, "Port {Id} is plugged at {Device}.")]
    private partial void LogPortPlugged(string id, string device);

    [LoggerMessage(308, LogLevel.Information, "Port {Id} is unplugged.")]
    private partial void LogPortUnplugged(string id);

    [LoggerMessage(309, LogLevel.Information, "Port {Id} was not named again by the orchestrator and is removed.")]
    private partial void LogPortStale(string id);

    [LoggerMessage(310, LogLevel.Error, "Port {Id} could not be removed: {Reason}")]
    private partial void LogPortNotRemoved(string id, string reason);

    [LoggerMessage(311, LogLevel.Information, "The data plane is connected.")]
    private partial void LogDataPlaneConnected();

    [LoggerMessage(312, LogLevel.Warning, "The data plane left out entries of generation {Generation}: {Error}")]
    private partial void LogBatchFaulty(ulong generation, string error);

    [LoggerMessage(
        313,
        LogLevel.Critical,
        "The data plane has given no sign of life for {Seconds:F0} s: established flows go on, but no new flow is set up and no table is taken."
    )]
    private partial void LogDataPlaneStuck(double seconds);

    [LoggerMessage(314, LogLevel.Information, "The data plane runs again.")]
    private partial void LogDataPlaneRunsAgain();
}
