using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>The last line of a table: how many routes were shown, and whether there are more.</summary>
internal static class Displayed
{
    public static string Of(JsonElement document, IReadOnlyList<JsonElement> routes)
    {
        var paths = routes.Sum(route => route.Items("paths").Count());
        return $"Displayed {Count.Of(routes.Count, "route")} and {Count.Of(paths, "total path")}\n" + More(document, routes.Count);
    }

    /// <summary>Empty where all are shown.</summary>
    public static string More(JsonElement document, int shown) =>
        document.Number("total") is var total && total > shown ? $"{total - shown} more; use --limit {total} to see all\n" : "";
}
