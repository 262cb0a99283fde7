using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>
/// A table in the marks and columns of FRR's "show bgp": routes under their RD, the paths of a route one below the other, and below each of
/// VPN routes what else they carry.
/// </summary>
internal static class BgpTable
{
    private const string NoWeight = "0";

    private static readonly string[] s_headings = ["   Network", "Next Hop", "Metric", "LocPrf", "Weight", "Path"];

    /// <param name="document">The control node's answer.</param>
    /// <param name="isWhy">Whether each path says why it won or lost.</param>
    public static string Of(JsonElement document, bool isWhy)
    {
        List<JsonElement> routes = [.. document.Items("routes")];
        return Head(document) + Table(routes, isWhy) + "\n" + Displayed.Of(document, routes);
    }

    /// <summary>A neighbour's Adj-RIB-In: its paths alone, a rejected one with its reason.</summary>
    public static string Received(JsonElement document)
    {
        List<JsonElement> routes = [.. document.Items("routes")];
        var rejected = routes.SelectMany(route => route.Items("paths")).Count(path => !path.Flag("valid"));
        return Head(document)
            + Table(routes, isWhy: false)
            + $"\nTotal number of prefixes {document.Number("total")}"
            + (rejected > 0 ? $" ({rejected} of those shown rejected)\n" : "\n")
            + Displayed.More(document, routes.Count);
    }

    /// <summary>A neighbour's Adj-RIB-Out.</summary>
    public static string Advertised(JsonElement document)
    {
        List<JsonElement> routes = [.. document.Items("routes")];
        var table = new TextTable(s_headings);
        foreach (var route in UnderDistinguishers(table, routes))
        {
            var marks = route.Text("state") switch
            {
                "withdrawing" => "w  ",
                "pending" => "p> ",
                _ => "*> ",
            };
            var path = route.At("path") ?? default;
            AppendPath(table, marks, route.Text("prefix"), path);
            AppendLine(table, Carried(path));
        }

        return Head(document, "Status codes:  * held, > best, p held and changed since, w withdrawal to be told\n")
            + table
            + $"\nTotal number of prefixes {document.Number("total")}\n"
            + Displayed.More(document, routes.Count);
    }

    private static string Head(
        JsonElement document,
        string statusCodes = "Status codes:  * valid, > best, = multipath, i internal, S stale\n"
    ) =>
        $"BGP table {document.Text("table")}, local router ID is {document.Text("router-id")}\n"
        + $"Default local pref 100, local AS {document.Text("as")}\n"
        + statusCodes
        + "Origin codes:  i - IGP, e - EGP, ? - incomplete\n\n";

    private static TextTable Table(List<JsonElement> routes, bool isWhy)
    {
        var table = new TextTable(s_headings);
        foreach (var route in UnderDistinguishers(table, routes))
        {
            var prefix = route.Text("prefix");
            foreach (var path in route.Items("paths"))
            {
                AppendPath(table, PathWords.FrrMarks(path), prefix, path);
                AppendLine(table, Carried(path, path.Text("source")));
                if (isWhy || !path.Flag("valid"))
                {
                    AppendLine(table, PathWords.Why(path));
                }

                // As in FRR, the next paths of a prefix leave its column empty.
                prefix = "";
            }
        }

        return table;
    }

    private static IEnumerable<JsonElement> UnderDistinguishers(TextTable table, List<JsonElement> routes)
    {
        string? distinguisher = null;
        foreach (var route in routes)
        {
            if (route.Text("route-distinguisher") is { } next && next != distinguisher)
            {
                table.Line($"Route Distinguisher: {next}");
                distinguisher = next;
            }

            yield return route;
        }
    }

    private static void AppendPath(TextTable table, string marks, string? prefix, JsonElement path) =>
        table.Row(
            marks + prefix,
            path.Text("next-hop") ?? "",
            path.Text("med") ?? "",
            path.Text("local-pref") ?? "",
            path.ValueKind == JsonValueKind.Object ? NoWeight : "",
            path.ValueKind == JsonValueKind.Object ? PathWords.AsPath(path) : ""
        );

    private static void AppendLine(TextTable table, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            table.Line("     " + text);
        }
    }

    /// <summary>Targets and label, and from whom.</summary>
    private static string Carried(JsonElement path, string? source = null)
    {
        var words = new List<string>();
        if (path.Number("label") is var label and not 0)
        {
            words.Add($"label={label}");
        }

        words.AddRange(PathWords.Communities(path));
        if (source is not null)
        {
            words.Add($"from {source}");
        }

        return new StringBuilder().AppendJoin(' ', words).ToString();
    }
}
