using Fabric.Agent.Inspection;
using Fabric.Streaming;
using Google.Protobuf.WellKnownTypes;

namespace Fabric.Agent.Streaming;

/// <summary>The host's own state in fabric.objects.</summary>
internal static class NodeState
{
    public static IEnumerable<KeyValuePair<string, Value>> Of(AgentStatus status) =>
        new Dictionary<string, Value>
        {
            ["address"] = Value.ForString(status.Address),
            ["complete"] = Value.ForBool(status.Complete),
            ["controllers"] = NodeBoard.Names(
                status
                    .Controllers.Where(static controller => controller.EstablishedAt is not null)
                    .Select(static controller => controller.EndPoint)
            ),
            ["data-plane"] = Value.ForString(
                status.DataPlane.Stuck ? "stuck"
                : !status.DataPlane.Connected ? "away"
                : status.DataPlane.InSync ? "in sync"
                : "behind"
            ),
            ["ports"] = Value.ForNumber(status.Ports.Values.Sum()),
            ["ports-active"] = Value.ForNumber(status.Ports.GetValueOrDefault("Active")),
            ["vrfs"] = Value.ForNumber(status.Vrfs),
        };
}
