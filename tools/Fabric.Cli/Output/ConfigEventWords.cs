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
        row.Text("kind") == "node" && row.TryGetProperty("state", out var state) ? $"{Object(row)}: {State(state)}" : OfObject(row);

    private static string OfObject(JsonElement row) =>
        $"{Object(row)}{(row.Flag("deleted") ? " deleted" : "")}{(row.Text("revision") is { } revision ? $", revision {revision}" : "")}";

    private static string Object(JsonElement row) =>
        $"{row.Text("kind")} {(row.Text("project") is { } project ? $"{project}/" : "")}{row.Text("name")}";

    // Which program it is stands in its name already.
    private static string State(JsonElement state) =>
        string.Join(
            ", ",
            state
                .EnumerateObject()
                .Where(static member => member.Name != "role")
                .Select(static member => $"{member.Name} {Value(member.Value)}")
        );

    private static string Value(JsonElement value) =>
        value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetRawText()
        : value.ValueKind != JsonValueKind.Array ? value.ToString()
        : value.GetArrayLength() == 0 ? "none"
        : string.Join(' ', value.EnumerateArray());
}
