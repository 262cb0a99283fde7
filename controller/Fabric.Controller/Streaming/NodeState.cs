using Fabric.Streaming;
using Google.Protobuf.WellKnownTypes;

namespace Fabric.Controller.Streaming;

/// <summary>The control node's own state in fabric.objects.</summary>
internal static class NodeState
{
    /// <summary>On the routing loop.</summary>
    public static IEnumerable<KeyValuePair<string, Value>> Of(ControlNode node)
    {
        var neighbors = node.Speaker.Neighbors.Where(static neighbor => !neighbor.Intent.Settings.AdminDown).ToList();
        var agents = node.Agents.Agents.Select(static state => state.Agent).ToList();
        return new Dictionary<string, Value>
        {
            ["router-id"] = Value.ForString(node.Options.RouterId.ToString()),
            ["as"] = Value.ForNumber(node.Options.As.Value),
            ["config-revision"] = Value.ForNumber(node.Revision),
            ["vrfs"] = Value.ForNumber(node.Routes.Core.Vrfs.Count(static vrf => vrf.Definition is not null)),
            ["neighbors"] = Value.ForNumber(neighbors.Count),
            ["neighbors-down"] = NodeBoard.Names(
                neighbors
                    .Where(static neighbor => neighbor.Peer.State != Fabric.Bgp.SessionState.Established)
                    .Select(static neighbor => neighbor.Intent.Name)
            ),
            ["agents"] = Value.ForNumber(agents.Count),
            ["agents-away"] = NodeBoard.Names(agents.Where(static agent => !agent.IsEstablished).Select(static agent => agent.Name)),
        };
    }
}
