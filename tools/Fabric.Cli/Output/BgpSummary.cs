using System.Text;
using System.Text.Json;
using Fabric.Primitives;

namespace Fabric.Cli.Output;

/// <summary>
/// Neighbours in the columns of FRR's "show bgp summary"; a table for each family. The queues are in octets, and a table has no version: what waits to be
/// told is a set of routes.
/// </summary>
internal static class BgpSummary
{
    private const int BgpVersion = 4;
    private const int KibiByte = 1024;
    private const string Established = "Established";
    private const string NoVersion = "-";

    public static string Of(JsonElement summary)
    {
        List<JsonElement> neighbors = [.. summary.Items("neighbors").OrderBy(Address)];
        var text = new StringBuilder();
        var cluster = summary.Text("cluster-id") is { } id ? $", cluster id {id}" : "";
        text.Append($"BGP router identifier {summary.Text("router-id")}, local AS number {summary.Text("as")}{cluster}\n");
        text.Append($"RIB entries in use {summary.Text("routes")}, {Count.Of(summary.Number("paths"), "path")}, ");
        text.Append($"{Count.Of(summary.Number("attribute-sets"), "attribute set")}, using ");
        text.Append($"{(summary.Number("memory-bytes") + KibiByte - 1) / KibiByte} KiB of memory\n");
        foreach (var family in neighbors.SelectMany(neighbor => neighbor.Items("families")).Select(one => one.ToString()).Distinct())
        {
            text.Append($"\n{FamilyWords.Of(family)} Summary:\n\n").Append(Table(neighbors, family));
        }

        text.Append($"\nTotal number of neighbors {neighbors.Count}\n");
        foreach (var neighbor in neighbors)
        {
            if (Duration.Blocked(neighbor) is { } time)
            {
                text.Append($"\n{neighbor.Text("name")} does not read: its routes are held back for {time}\n");
            }
        }

        foreach (var neighbor in neighbors.Where(one => one.Text("reason") is not null))
        {
            text.Append($"\n{neighbor.Text("name")}: {neighbor.Text("reason")}\n");
            if (neighbor.Text("hint") is { } hint)
            {
                text.Append($"hint: {hint}\n");
            }
        }

        return text.ToString();
    }

    // As numbers: 10.0.0.9 goes before 10.0.0.10.
    private static IpAddress Address(JsonElement neighbor) =>
        IpAddress.TryParse(neighbor.Text("address"), out var address) ? address : default;

    private static TextTable Table(List<JsonElement> neighbors, string family)
    {
        var table = new TextTable(
            "Neighbor",
            "V",
            "AS",
            "MsgRcvd",
            "MsgSent",
            "TblVer",
            "InQ",
            "OutQ",
            "Up/Down",
            "State/PfxRcd",
            "PfxSnt",
            "Desc"
        );
        foreach (var neighbor in neighbors)
        {
            if (
                neighbor.Items("family-counts").FirstOrDefault(one => one.Text("family") == family)
                is not { ValueKind: JsonValueKind.Object } count
            )
            {
                continue;
            }

            var state = neighbor.Text("state");
            table.Row(
                neighbor.Text("address"),
                BgpVersion,
                neighbor.Text("as"),
                neighbor.Text("messages-received"),
                neighbor.Text("messages-sent"),
                NoVersion,
                neighbor.Text("input-octets"),
                neighbor.Text("output-octets"),
                Duration.Up(neighbor) ?? Duration.Down(neighbor) ?? "never",
                state == Established ? count.Text("routes-received") : state,
                count.Text("routes-sent"),
                neighbor.Text("name")
            );
        }

        return table;
    }
}
