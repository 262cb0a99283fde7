using Google.Protobuf.Reflection;

namespace Fabric.Analytics;

/// <summary>
/// The schema as sorted lines, one for each field and each value of an enumeration, with all that a reader of either wire form depends on. A line
/// that is gone is a reader that breaks; a new one is not.
/// </summary>
public static class SchemaLines
{
    public static IReadOnlyList<string> Current { get; } =
    [.. Topic.All.SelectMany(Of).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Of(Topic topic) => Of(topic.Message, []).Prepend($"topic {topic.Name}: {topic.Message.FullName}");

    private static IEnumerable<string> Of(MessageDescriptor message, HashSet<MessageDescriptor> seen)
    {
        if (!seen.Add(message) || message.File.Package != "fabric.analytics")
        {
            yield break;
        }

        foreach (var field in message.Fields.InFieldNumberOrder())
        {
            var repeated = field.IsRepeated ? "repeated " : "";
            yield return $"{message.FullName}.{field.JsonName} = {field.FieldNumber}: {repeated}{TypeOf(field)}";
            var nested = field.FieldType switch
            {
                FieldType.Message => Of(field.MessageType, seen),
                FieldType.Enum => field.EnumType.Values.Select(value => $"{field.EnumType.FullName}.{value.Name} = {value.Number}"),
                _ => [],
            };
            foreach (var line in nested)
            {
                yield return line;
            }
        }
    }

    private static string TypeOf(FieldDescriptor field) =>
        field.FieldType switch
        {
            FieldType.Message => field.MessageType.FullName,
            FieldType.Enum => field.EnumType.FullName,
            var scalar => scalar.ToString().ToLowerInvariant(),
        };
}
