using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>A table of configuration objects: the columns are the scalar members that the objects have, in the order of the first.</summary>
internal static class ObjectTable
{
    public static TextTable Of(IEnumerable<JsonElement> objects)
    {
        var rows = objects.ToList();
        var columns = new List<string>();
        foreach (var member in rows.SelectMany(row => row.EnumerateObject()))
        {
            if (member.Name != "kind" && !columns.Contains(member.Name) && Cell(member.Value) is not null)
            {
                columns.Add(member.Name);
            }
        }

        var table = new TextTable([.. columns.Select(column => column.ToUpperInvariant())]);
        foreach (var row in rows)
        {
            table.Row([.. columns.Select(column => row.At(column) is { } value ? Cell(value) : null)]);
        }

        return table;
    }

    private static string? Cell(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Array when value.GetArrayLength() == 0 => null,
            JsonValueKind.Array when value[0].ValueKind == JsonValueKind.Object => value.GetArrayLength().ToString(),
            JsonValueKind.Array => string.Join(',', value.EnumerateArray()),
            JsonValueKind.Object or JsonValueKind.Null => null,
            JsonValueKind.True => "yes",
            JsonValueKind.False => "no",
            _ => value.ToString(),
        };
}
