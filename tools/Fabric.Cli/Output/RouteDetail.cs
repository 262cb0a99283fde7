using System.Text;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>One prefix with all that is known of each path, as FRR's "show bgp ... PREFIX".</summary>
internal static class RouteDetail
{
    public static string Of(JsonElement document)
    {
        var text = new StringBuilder();
        foreach (var route in document.Items("routes"))
        {
            List<JsonElement> paths = [.. route.Items("paths")];
            var entry = route.Text("route-distinguisher") is { } distinguisher
                ? $"{distinguisher}:{route.Text("prefix")}"
                : route.Text("prefix");
            var best = paths.FindIndex(path => path.Flag("best"));
            text.Append($"BGP routing table entry for {entry}, table {document.Text("table")}\n");
            text.Append($"Paths: ({paths.Count} available, {(best < 0 ? "no best path" : $"best #{best + 1}")})\n");
            foreach (var path in paths)
            {
                Append(text, path);
            }
        }

        return text.Length == 0 ? $"no such route in {document.Text("table")}" : text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement path)
    {
        var asPath = path.Text("as-path") is { Length: > 0 } known ? known : "Local";
        text.Append($"  {asPath}\n");
        text.Append(
            $"    {path.Text("next-hop")} from {path.Text("source")} {path.Text("peer-address")} ({path.Text("peer-router-id")})\n"
        );
        text.Append($"      Origin {path.Text("origin")}");
        Append(text, ", metric ", path.Text("med"));
        Append(text, ", localpref ", path.Text("local-pref"));
        text.Append(path.Flag("valid") ? ", valid" : ", not valid");
        text.Append(
            path.Flag("internal") ? ", internal"
            : IsOfBgp(path) ? ", external"
            : ""
        );
        text.Append(
            path.Flag("best") ? ", best"
            : path.Flag("equal") ? ", multipath"
            : ""
        );
        text.Append(path.Flag("stale") ? ", stale\n" : "\n");
        Append(text, "      ", PathWords.Why(path) is { } why ? char.ToUpperInvariant(why[0]) + why[1..] : null, "\n");
        Append(text, "      Imported from ", path.Text("route-distinguisher"), "\n");
        AppendList(text, "      Community: ", path.Items("communities").Select(one => one.ToString()));
        AppendList(text, "      Large Community: ", path.Items("large-communities").Select(one => one.ToString()));
        AppendList(
            text,
            "      Extended Community: ",
            path.Items("extended-communities").Select(one => PathWords.Extended(one.ToString()))
        );
        Append(text, "      Originator: ", path.Text("originator-id"), "\n");
        AppendList(text, "      Cluster list: ", path.Items("cluster-list").Select(one => one.ToString()));
        Append(text, "      Label: ", path.Number("label") is var label and not 0 ? $"{label}" : null, "\n");
    }

    private static bool IsOfBgp(JsonElement path) => path.Text("source")?.StartsWith("bgp:", StringComparison.Ordinal) ?? false;

    private static void AppendList(StringBuilder text, string label, IEnumerable<string> values) =>
        Append(text, label, string.Join(' ', values) is { Length: > 0 } joined ? joined : null, "\n");

    private static void Append(StringBuilder text, string label, string? value, string end = "")
    {
        if (value is not null)
        {
            text.Append(label).Append(value).Append(end);
        }
    }
}
