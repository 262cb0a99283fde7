using System.Text.Json;
using Fabric.Cli.Nodes;

namespace Fabric.Cli.Output;

/// <summary>Reads a data plane's /inspect/status.</summary>
internal static class DatapathStatus
{
    public static ProgramStatus Of(string node, JsonElement status)
    {
        var ports = status.PacketPorts().ToList();
        return new ProgramStatus(
            node,
            NodeRole.Datapath,
            status,
            $"tunnels from {status.Text("tunnel-source") ?? "nowhere yet"}, generation {status.Text("generation")}, "
                + $"{Count.Of(ports.Count - 1, "vif")}, {status.Text("flows")} of {status.Text("flow-capacity")} flow entries, "
                + (FlowCache.Hook(status) is { } hook ? $"flow cache by {hook}" : "no flow cache"),
            [],
            [.. Problems(status), .. ports.Where(port => port.Text("problem") is not null).Select(OfPort)]
        );
    }

    private static IEnumerable<Problem> Problems(JsonElement status)
    {
        if (!status.Flag("agent-connected"))
        {
            yield return new Problem(
                "agent",
                "no agent is connected; packets go on by the last tables",
                "is fabric-agent running on this node?"
            );
        }

        if (FlowCache.Problem(status) is { } problem)
        {
            yield return new Problem("flow cache", problem, "the C# pipeline forwards alone, slower; nothing else differs");
        }

        if (status.Flag("agent-connected") && status.Text("tunnel-source") is null)
        {
            yield return new Problem(
                "agent",
                "it has not told the underlay address yet, so nothing leaves this host",
                "see fabric-agent above"
            );
        }
    }

    private static Problem OfPort(JsonElement port) =>
        new(
            port.Text("vif") is { } vif ? $"vif0/{vif} on {port.Text("device")}" : $"uplink {port.Text("device")}",
            port.Text("problem")!,
            $"no packets flow here: ip link show {port.Text("device")}"
        );
}
