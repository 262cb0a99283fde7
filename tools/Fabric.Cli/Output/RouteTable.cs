using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>The control node's routes with FRR's marks and columns; all paths of a prefix stand together, the best one first as served.</summary>
internal static class RouteTable
{
    private const string Legend =
        "Status codes: S stale, * valid, > best, = multipath\n" + "Origin codes: i - IGP, e - EGP, ? - incomplete\n\n";

    /// <param name="document">The control node's answer.</param>
    /// <param name="isWhy">Whether each path that lost says why.</param>
    public static string Of(JsonElement document, bool isWhy)
    {
        List<JsonElement> routes = [.. document.Items("routes")];
        var text = new StringBuilder();
        text.Append($"Table {document.Text("table")}\n").Append(Legend);
        string[] headings =
        [
            "",
            "Network",
            "Next Hop",
            "Label",
            "Metric",
            "LocPrf",
            "Path",
            "From",
            .. isWhy ? ["Why not"] : Array.Empty<string>(),
        ];
        var table = new TextTable(headings);
        foreach (var group in routes.GroupBy(route => route.Text("route-distinguisher")))
        {
            if (group.Key is not null)
            {
                table.Line($"Route Distinguisher: {group.Key}");
            }

            foreach (var route in group)
            {
                AppendPaths(table, route);
            }
        }

        text.Append(table);
        var paths = routes.Sum(route => route.Items("paths").Count());
        return text.Append($"\nDisplayed {Count.Of(routes.Count, "route")} and {Count.Of(paths, "total path")}\n").ToString();
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
