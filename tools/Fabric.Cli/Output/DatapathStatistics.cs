using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A data plane's state and the counters of its devices.</summary>
internal static class DatapathStatistics
{
    public static string Of(JsonElement status)
    {
        var text = new StringBuilder();
        text.Append($"fabric-dp {status.Text("version")}, agent {(status.Flag("agent-connected") ? "connected" : "not connected")}");
        text.Append($", generation {status.Text("generation")}\n");
        text.Append($"tunnel source {status.Text("tunnel-source") ?? "not known yet"}, underlay MTU {status.Text("underlay-mtu")}\n");
        text.Append($"flow entries {status.Text("flows")} of {status.Text("flow-capacity")}\n");
        text.Append(FlowCache.Describe(status)).Append("\n\n");
        var table = new TextTable("PORT", "DEVICE", "RX", "RX ERRORS", "MISSED", "TX", "TX ERRORS", "PROBLEM");
        foreach (var port in status.PacketPorts())
        {
            var counters = port.At("counters") ?? default;
            table.Row(
                port.Text("vif") is { } vif ? $"vif0/{vif}" : "uplink",
                port.Text("device"),
                counters.Text("received"),
                counters.Text("receive-errors"),
                counters.Text("missed"),
                counters.Text("sent"),
                counters.Text("send-errors"),
                port.Text("problem")
            );
        }

        return text.Append(table).ToString();
    }
}
