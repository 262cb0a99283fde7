using Fabric.Controller.Agents;
using Fabric.Routing;

namespace Fabric.Controller.Inspection;

/// <summary>Makes the documents that operators read. Every member runs on the routing loop.</summary>
internal sealed class Inspector(ControlNode node)
{
    public NeighborInspector Neighbors { get; } = new(node);

    public RouteInspector Routes { get; } = new(node);

    private RoutingCore Core => node.Routes.Core;

    public StatusDocument Status() =>
        new(
            node.Options.Node,
            node.Options.RouterId.ToString(),
            node.Options.As.Value,
            (long)node.Revision,
            Neighbors.Neighbors(),
            Agents().Agents,
            Core.Vrfs.Count(vrf => vrf.Definition is not null),
            Core.Counters.VpnRoutes
        );

    public AgentsDocument Agents() => new([.. node.Agents.Agents.OrderBy(state => state.Agent.Name, StringComparer.Ordinal).Select(Agent)]);

    public VrfsDocument Vrfs()
    {
        var subscribers = node
            .Agents.Agents.SelectMany(state => VrfsOf(state).Select(vrf => (Vrf: vrf, state.Agent.Name)))
            .ToLookup(entry => entry.Vrf, entry => entry.Name);
        return new([
            .. Core
                .Vrfs.OrderBy(vrf => vrf.Name, StringComparer.Ordinal)
                .Select(vrf => new VrfDocument(
                    vrf.Name,
                    [.. (vrf.Definition?.ImportTargets ?? []).Select(target => target.ToString())],
                    [.. (vrf.Definition?.ExportTargets ?? []).Select(target => target.ToString())],
                    [.. subscribers[vrf.Name].Order(StringComparer.Ordinal)],
                    vrf.Routes
                )),
        ]);
    }

    private static IEnumerable<string> VrfsOf(AgentState state) =>
        state.Agent.Subscriptions.Select(subscription => subscription.Vrf).Where(vrf => !state.Waiting.Contains(vrf));

    private static AgentDocument Agent(AgentState state)
    {
        var agent = state.Agent;
        return new(
            agent.Name,
            agent.Address.ToString(),
            agent.IsEstablished ? "Established" : "Away",
            agent.IsRestarting,
            [.. VrfsOf(state).Order(StringComparer.Ordinal)],
            [.. state.Waiting.Names],
            agent.IsEstablished ? null : state.DownReason,
            agent.IsEstablished ? null : "is fabric-agent running there? its routes are kept for the restart time"
        );
    }
}
