using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A VRF's routes on the control node with FRR's marks and columns; all paths of a prefix stand together, the best one first as served.</summary>
internal static class RouteTable
{
    private const string Legend =
        "Status codes: S stale, * valid, > best, = multipath\n" + "Origin codes: i - IGP, e - EGP, ? - incomplete\n\n";

    public static string Of(JsonElement document)
    {
        List<JsonElement> routes = [.. document.Items("routes")];
        var text = new StringBuilder();
        text.Append($"Table {document.Text("table")}\n").Append(Legend);
        var table = new TextTable("", "Network", "Next Hop", "Label", "Metric", "LocPrf", "Path", "From", "Why not");
        foreach (var route in routes)
        {
            AppendPaths(table, route);
        }

        text.Append(table);
        return text.Append('\n').Append(Displayed.Of(document, routes)).ToString();
    }

    private static void AppendPaths(TextTable table, JsonElement route)
    {
        var prefix = route.Text("prefix");
        foreach (var path in route.Items("paths"))
        {
            table.Row(
                PathWords.Marks(path),
                prefix,
                path.Text("next-hop"),
                path.Text("label"),
                path.Text("med") ?? "",
                path.Text("local-pref") ?? "",
                PathWords.AsPath(path),
                path.Text("source"),
                PathWords.WhyNot(path) ?? ""
            );

            // As in FRR, the next paths of a prefix leave its column empty.
            prefix = "";
        }
    }
}
