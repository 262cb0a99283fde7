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
            text.Append($"BGP routing table entry for {entry}, table {document.Text("table")}\n");
            text.Append($"Paths: ({paths.Count} available)\n");
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
        text.Append($"  {asPath}\n    {path.Text("next-hop")} from {path.Text("source")}, label {path.Text("label")}\n");
        text.Append($"      Origin {path.Text("origin")}");
        Append(text, ", metric ", path.Text("med"));
        Append(text, ", localpref ", path.Text("local-pref"));
        text.Append(
            path.Flag("best") ? ", valid, best"
            : path.Flag("equal") ? ", valid, multipath"
            : PathWords.IsValid(path) ? ", valid"
            : ", not valid"
        );
        text.Append(path.Flag("stale") ? ", stale\n" : "\n");
        Append(text, "      Not best: ", PathWords.WhyNot(path), "\n");
        Append(text, "      Imported from ", path.Text("route-distinguisher"), "\n");
        Append(
            text,
            "      Extended Community: ",
            path.Items("extended-communities").Any() ? path.Joined("extended-communities", " ") : null,
            "\n"
        );
    }

    private static void Append(StringBuilder text, string label, string? value, string end = "")
    {
        if (value is not null)
        {
            text.Append(label).Append(value).Append(end);
        }
    }
}
