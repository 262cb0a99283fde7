using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>The answer to bgp clear: a line a neighbour.</summary>
internal static class ClearReport
{
    public static string Of(JsonElement answer)
    {
        List<JsonElement> neighbors = [.. answer.Items("neighbors")];
        return neighbors.Count == 0 ? "there is no neighbour" : string.Join("\n", neighbors.Select(Line));
    }

    private static string Line(JsonElement neighbor) =>
        neighbor.Text("refusal") is { } refusal
            ? $"{neighbor.Text("name")}: nothing was done: {refusal}"
            : $"{neighbor.Text("name")}: {Done(neighbor.Text("mode"), neighbor.Joined("families"))}";

    private static string Done(string? mode, string families) =>
        mode switch
        {
            "soft-in" => $"is asked for its routes again: {families}",
            "soft-out" => $"is told its routes again: {families}",
            "soft" => $"is asked for its routes and told ours again: {families}",
            _ => "its session begins anew",
        };
}
