using Fabric.Agent.Core;
using Fabric.Agent.Core.Xmpp;
using Fabric.Agent.Node;

namespace Fabric.Agent.Inspection;

/// <summary>How the agent is: what an operator asks for first.</summary>
public sealed record AgentStatus(
    string Node,
    string Address,
    bool IsComplete,
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
    internal static AgentStatus Of(AgentNodeOptions options, AgentCore core, ControllerSet controllers, DataPlaneLink dataPlane) =>
        new(
            options.Name,
            options.Address.ToString(),
            core.IsComplete,
            core.Config.Peer,
            core.Config.Count,
            [
                .. controllers.Links.Select(link => ControllerStatus.Of(link, core)),
                .. controllers.Spare.Select(endPoint => new ControllerStatus(endPoint.ToString()!, "Spare", null, false, false, false, 0)),
            ],
            new DataPlaneStatus(
                core.DataPlane.IsConnected,
                core.DataPlane.IsInSync,
                core.DataPlane.SentGeneration,
                core.DataPlane.AppliedGeneration,
                core.DataPlane.LastError.Length > 0 ? core.DataPlane.LastError : dataPlane.LastError
            ),
            core.Ports.States.Values.GroupBy(state => state.ToString()).ToDictionary(group => group.Key, group => group.Count()),
            core.Local.Vrfs.Count,
            core.Tables.Routes.Desired.Count,
            core.UnresolvedRouteCount,
            core.UnexpectedRouteCount
        );
}

/// <param name="EndPoint">As configured.</param>
/// <param name="State">A <see cref="ControllerSessionState"/>, or "Spare".</param>
/// <param name="EstablishedAt">When the present session came up.</param>
/// <param name="IsConfigPeer">Whether the configuration comes from here.</param>
/// <param name="IsSynced">Whether its End-of-RIB has come.</param>
/// <param name="SentEndOfRib">Whether ours was said.</param>
/// <param name="Skipped">Units of its input that were passed over.</param>
/// <param name="LastError">Why the last session or try ended.</param>
public sealed record ControllerStatus(
    string EndPoint,
    string State,
    DateTimeOffset? EstablishedAt,
    bool IsConfigPeer,
    bool IsSynced,
    bool SentEndOfRib,
    long Skipped,
    string LastError = ""
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
            link.LastError
        );
    }
}

/// <summary>In sync means that the data plane has exactly the desired tables; the last error is the connection's or the last batch's.</summary>
public sealed record DataPlaneStatus(bool IsConnected, bool IsInSync, ulong SentGeneration, ulong AppliedGeneration, string LastError);
