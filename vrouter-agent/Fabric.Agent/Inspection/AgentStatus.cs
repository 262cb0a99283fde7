using System.Net;
using Fabric.Agent.Core;
using Fabric.Agent.Core.Xmpp;
using Fabric.Agent.Node;

namespace Fabric.Agent.Inspection;

/// <summary>How the agent is: what an operator asks for first.</summary>
public sealed record AgentStatus(
    string Node,
    string Address,
    bool Complete,
    string? ConfigPeer,
    int ConfigObjects,
    IReadOnlyList<ControllerStatus> Controllers,
    DataPlaneStatus DataPlane,
    IReadOnlyDictionary<string, int> Ports,
    int Vrfs,
    int Routes,
    int UnresolvedRoutes,
    long UnexpectedRoutes
)
{
    internal static AgentStatus Of(
        AgentNodeOptions options,
        AgentCore core,
        ControllerSet controllers,
        DataPlaneLink dataPlane,
        DataPlaneWatch watch
    ) =>
        new(
            options.Name,
            options.Address.ToString(),
            core.IsComplete,
            core.Config.Peer,
            core.Config.Count,
            [
                .. controllers.Links.Select(link => ControllerStatus.Of(link, core)),
                .. controllers.Spare.Select(endPoint => ControllerStatus.OfSpare(endPoint)),
            ],
            new DataPlaneStatus(
                core.DataPlane.IsConnected,
                core.DataPlane.IsInSync,
                watch.IsStuck,
                (int)watch.Silence.TotalSeconds,
                core.DataPlane.SentGeneration,
                core.DataPlane.AppliedGeneration,
                ReasonOf(core.DataPlane.LastError, dataPlane.LastError)
            ),
            core.Ports.States.Values.GroupBy(state => state.ToString()).ToDictionary(group => group.Key, group => group.Count()),
            core.Local.Vrfs.Count,
            core.Tables.Routes.Desired.Count,
            core.UnresolvedRouteCount,
            core.UnexpectedRouteCount
        );

    private static string? ReasonOf(string ofBatch, string ofConnection) =>
        ofBatch.Length > 0 ? ofBatch
        : ofConnection.Length > 0 ? ofConnection
        : null;
}

/// <param name="EndPoint">As configured.</param>
/// <param name="State">A <see cref="ControllerSessionState"/>, or "Spare".</param>
/// <param name="EstablishedAt">When the present session came up.</param>
/// <param name="ConfigPeer">Whether the configuration comes from here.</param>
/// <param name="EndOfRibReceived">Whether its End-of-RIB has come.</param>
/// <param name="EndOfRibSent">Whether ours was said.</param>
/// <param name="Skipped">Units of its input that were passed over.</param>
/// <param name="Reason">Why the last session or try ended; null while one is up.</param>
/// <param name="Hint">What to look at; null where all is well.</param>
public sealed record ControllerStatus(
    string EndPoint,
    string State,
    DateTimeOffset? EstablishedAt,
    bool ConfigPeer,
    bool EndOfRibReceived,
    bool EndOfRibSent,
    long Skipped,
    string? Reason,
    string? Hint
)
{
    internal static ControllerStatus Of(ControllerLink link, AgentCore core)
    {
        var session = core.Controllers.GetValueOrDefault(link.Name);
        return new ControllerStatus(
            link.Name,
            link.Session.State.ToString(),
            link.EstablishedAt,
            core.Config.Peer == link.Name,
            session?.IsSynced ?? false,
            session?.SentEndOfRib ?? false,
            link.SkippedCount,
            link.LastError.Length > 0 ? link.LastError : null,
            link.Session.IsEstablished
                ? null
                : $"Is fabric-control up at {link.Name}, and is it reachable from this host's underlay address?"
        );
    }

    /// <summary>In the list, and not in use.</summary>
    internal static ControllerStatus OfSpare(EndPoint endPoint) =>
        new(
            endPoint.ToString()!,
            "Spare",
            EstablishedAt: null,
            ConfigPeer: false,
            EndOfRibReceived: false,
            EndOfRibSent: false,
            Skipped: 0,
            Reason: null,
            Hint: null
        );
}

/// <param name="Connected">Whether there is a connection.</param>
/// <param name="InSync">The data plane has exactly the desired tables.</param>
/// <param name="Stuck">It holds its connection, and has given no sign of life for more than five seconds: nothing is programmed.</param>
/// <param name="SilentSeconds">For how many seconds it has owed a sign of life.</param>
/// <param name="SentGeneration">Generation sent last.</param>
/// <param name="AppliedGeneration">Generation applied last.</param>
/// <param name="Reason">The last error, the connection's or the last batch's; null where there is none.</param>
public sealed record DataPlaneStatus(
    bool Connected,
    bool InSync,
    bool Stuck,
    int SilentSeconds,
    ulong SentGeneration,
    ulong AppliedGeneration,
    string? Reason
);
