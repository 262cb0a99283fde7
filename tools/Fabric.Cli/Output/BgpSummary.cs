using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>Neighbours in the columns of FRR's "show bgp summary", less those that have no meaning here.</summary>
internal static class BgpSummary
{
    private const int BgpVersion = 4;
    private const string Established = "Established";

    public static string Table(JsonElement summary)
    {
        List<JsonElement> neighbors = [.. summary.Items("neighbors")];
        var text = new StringBuilder();
        text.Append($"BGP router identifier {summary.Text("router-id")}, local AS number {summary.Text("as")}\n\n");
        var table = new TextTable("Neighbor", "V", "AS", "MsgRcvd", "MsgSent", "Up/Down", "State/PfxRcd", "PfxSnt", "Desc");
        foreach (var neighbor in neighbors)
        {
            table.Row(
                neighbor.Text("address"),
                BgpVersion,
                neighbor.Text("as"),
                neighbor.Text("messages-received"),
                neighbor.Text("messages-sent"),
                Up(neighbor) ?? "never",
                neighbor.Text("state") == Established ? neighbor.Text("routes-received") : neighbor.Text("state"),
                neighbor.Text("routes-sent"),
                neighbor.Text("name")
            );
        }

        text.Append(table).Append($"\nTotal number of neighbors {neighbors.Count}\n");
        foreach (var neighbor in neighbors.Where(one => one.Text("reason") is not null))
        {
            text.Append($"\n{neighbor.Text("name")}: {neighbor.Text("reason")}\n");
            AppendHint(text, neighbor);
        }

        return text.ToString();
    }

    public static string Neighbor(JsonElement neighbor)
    {
        var text = new StringBuilder();
        text.Append($"BGP neighbor is {neighbor.Text("address")}, remote AS {neighbor.Text("as")}\n");
        text.Append($"  Description: {neighbor.Text("name")}\n");
        text.Append($"  BGP state = {neighbor.Text("state")}{(Up(neighbor) is { } up ? $", up for {up}" : "")}\n");
        if (neighbor.Text("reason") is { } reason)
        {
            text.Append($"  Last error: {reason}\n  ");
            AppendHint(text, neighbor);
        }

        if (neighbor.Flag("restarting"))
        {
            text.Append("  Graceful restart: its routes are kept as stale until its End-of-RIB\n");
        }

        text.Append($"  Address families: {neighbor.Joined("families")}\n");
        text.Append($"  Messages: {neighbor.Text("messages-received")} received, {neighbor.Text("messages-sent")} sent\n");
        text.Append($"  Prefixes: {neighbor.Text("routes-received")} received, {neighbor.Text("routes-sent")} sent\n");
        return text.ToString();
    }

    private static string? Up(JsonElement neighbor) =>
        neighbor.At("established-seconds") is { } seconds ? Duration.Of(TimeSpan.FromSeconds(seconds.GetInt64())) : null;

    private static void AppendHint(StringBuilder text, JsonElement neighbor)
    {
        if (neighbor.Text("hint") is { } hint)
        {
            text.Append($"hint: {hint}\n");
        }
    }
}
