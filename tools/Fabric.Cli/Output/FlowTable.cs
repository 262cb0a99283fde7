using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A data plane's flows in the layout of "flow -l": both directions of a connection point at each other.</summary>
internal static class FlowTable
{
    private const string Any = "*";
    private const int IndexWidth = 18;
    private const int EndPointWidth = 24;

    public static string Of(JsonElement listing, bool isDropped)
    {
        var flows = Select(listing, isDropped).ToList();
        var text = new StringBuilder();
        text.Append($"Flow table (entries {flows.Count}{(isDropped ? ", only dropping ones" : "")})\n");
        text.Append("Action:F=Forward, D=Drop(reason, rule)  K=key next hop  Proto(V)=protocol (VRF)\n\n");
        text.Append("Index".PadRight(IndexWidth)).Append("Source:Port/Destination:Port".PadRight(EndPointWidth + 6)).Append("Proto(V)\n");
        foreach (var flow in flows)
        {
            text.Append('\n').Append(Entry(flow));
        }

        return Cut.Note(text, listing);
    }

    public static IEnumerable<JsonElement> Select(JsonElement listing, bool isDropped) =>
        listing.Items("items").Where(flow => !isDropped || flow.Text("action") == "drop");

    public static string Entry(JsonElement flow)
    {
        var index = flow.Text("reverse-index") is { } reverse ? $"{flow.Text("index")}<=>{reverse}" : flow.Text("index")!;
        var text = new StringBuilder();
        text.Append(index.PadRight(IndexWidth))
            .Append($"{Address(flow, "source")}:{Port(flow, "source-port", isOpener: true)}".PadRight(EndPointWidth + 6))
            .Append($"{(IsStateless(flow) ? Any : flow.Protocol())} ({flow.Text("vrf")})\n");
        text.Append(' ', IndexWidth).Append($"{Address(flow, "destination")}:{Port(flow, "destination-port", isOpener: false)}\n");
        if (VifWords.Of(flow) is { } vif)
        {
            text.Append($" {vif}{(flow.Text("network") is { } network ? $" in {network}" : "")}\n");
        }

        text.Append($" (K(nh):{flow.Text("key-next-hop")}, Action:{Action(flow)}, ");
        if (flow.Text("tcp") is { } tcp and not "none")
        {
            text.Append($"TCP:{Letters(tcp)}, ");
        }

        if (flow.Text("action") == "forward")
        {
            text.Append($"NH:{flow.Text("next-hop")}, ");
            text.Append(flow.Number("label") != 0 ? $"Label:{flow.Text("label")}, " : "");
        }

        text.Append($"Stats:{flow.Text("packets")}/{flow.Text("bytes")}, ")
            .Append($"Age:{flow.Number("age-milliseconds") / 1000}s, Idle:{flow.Number("idle-milliseconds") / 1000}s)\n");
        return text.ToString();
    }

    // A stateless entry stands for all packets between two prefixes.
    private static bool IsStateless(JsonElement flow) => flow.Flag("is-stateless");

    private static string Address(JsonElement flow, string name) =>
        IsStateless(flow) ? $"{flow.Text(name)}/{flow.Text($"{name}-length")}" : flow.Text(name)!;

    // A wide entry stands for any port of the side that opens connections, and for a span of the other's.
    private static string Port(JsonElement flow, string name, bool isOpener) =>
        IsStateless(flow) ? Any
        : !flow.Flag("is-wide") ? flow.Text(name)!
        : flow.Flag("is-initiator") == isOpener ? Any
        : flow.Text("first-port") == flow.Text("last-port") ? flow.Text("first-port")!
        : $"{flow.Text("first-port")}-{flow.Text("last-port")}";

    private static string Action(JsonElement flow)
    {
        var rule = flow.Text("rule");
        return flow.Text("action") == "drop" ? $"D({flow.Text("reason")}{(rule is null ? "" : $", {rule}")})"
            : rule is null ? "F"
            : $"F({rule})";
    }

    // "syn, acknowledged" as "SA".
    private static string Letters(string progress) => string.Concat(progress.Split(", ").Select(word => char.ToUpperInvariant(word[0])));
}
