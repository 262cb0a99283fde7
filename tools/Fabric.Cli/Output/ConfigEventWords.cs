using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>Rows of fabric.audit and fabric.objects in words.</summary>
internal static class ConfigEventWords
{
    public static string OfChange(JsonElement row)
    {
        var operation = row.Text("operation")?.ToLowerInvariant();
        var outcome = row.Text("refusal") is { } refusal ? $"refused: {refusal}" : $"revision {row.Text("revision")}";
        return $"{row.Text("who")} ({row.Text("interface")}): {operation} {Object(row)}, {outcome}";
    }

    public static string OfState(JsonElement row) =>
        $"{Object(row)}{(row.Flag("deleted") ? " deleted" : "")}{(row.Text("revision") is { } revision ? $", revision {revision}" : "")}";

    private static string Object(JsonElement row) =>
        $"{row.Text("kind")} {(row.Text("project") is { } project ? $"{project}/" : "")}{row.Text("name")}";
}
