using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>Reads the programs' documents without a type for each: a missing member is null, as in their schema.</summary>
public static class JsonReading
{
    private static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static JsonElement? At(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    public static string? Text(this JsonElement element, string name) => element.At(name)?.ToString();

    public static long Number(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Number } value ? value.GetInt64() : 0;

    public static bool Flag(this JsonElement element, string name) => element.At(name) is { ValueKind: JsonValueKind.True };

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    public static string Joined(this JsonElement element, string name, string separator = ", ") =>
        string.Join(separator, element.Items(name).Select(item => item.ToString()));

    public static string Indented(this JsonElement element) => JsonSerializer.Serialize(element, s_indented);
}
