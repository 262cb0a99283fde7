using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Fabric.Cli.Output;

/// <summary>Between the YAML that people write and the JSON that the API takes; the keys are the same.</summary>
internal static class Yaml
{
    /// <summary>All documents of a file as one JSON array; a document that is a list gives its items.</summary>
    public static string ToJsonArray(string text, string file)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException exception)
        {
            throw new CliException($"{file}:{exception.Start.Line}: not valid YAML: {exception.Message}", exception);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // YamlDotNet also ends so, without a line, on some text that is no YAML.
            throw new CliException($"{file}: not valid YAML; check brackets, braces and comments", exception);
        }

        var array = new JsonArray();
        foreach (var root in stream.Documents.Select(document => document.RootNode))
        {
            foreach (var node in root is YamlSequenceNode sequence ? sequence.Children : [root])
            {
                array.Add(ToJson(node));
            }
        }

        return array.ToJsonString();
    }

    /// <summary>A document for people: one key a line, lists with dashes.</summary>
    public static string Write(JsonElement element)
    {
        var text = new StringBuilder();
        Write(text, element, indent: 0);
        return text.ToString();
    }

    private static JsonNode? ToJson(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => new JsonObject(
                mapping.Children.Select(child => KeyValuePair.Create(child.Key.ToString(), ToJson(child.Value)))
            ),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
            YamlScalarNode { Style: ScalarStyle.Plain } scalar => PlainScalar(scalar.Value),
            _ => JsonValue.Create(node.ToString()),
        };

    // The YAML 1.2 core schema, less octal and hexadecimal numbers.
    private static JsonValue? PlainScalar(string? value) =>
        value switch
        {
            null or "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(
                number
            ),
            _ => JsonValue.Create(value),
        };

    private static void Write(StringBuilder text, JsonElement element, int indent)
    {
        foreach (var property in element.EnumerateObject())
        {
            text.Append(' ', indent).Append(property.Name).Append(':');
            WriteValue(text, property.Value, indent + 2);
        }
    }

    private static void WriteValue(StringBuilder text, JsonElement value, int indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('\n');
                Write(text, value, indent);
                break;
            case JsonValueKind.Array when value.GetArrayLength() == 0:
                text.Append(" []\n");
                break;
            case JsonValueKind.Array:
                text.Append('\n');
                foreach (var item in value.EnumerateArray())
                {
                    WriteItem(text, item, indent);
                }

                break;
            case JsonValueKind.Null:
                text.Append('\n');
                break;
            case JsonValueKind.String:
                text.Append(' ').Append(Scalar(value)).Append('\n');
                break;
            default:
                text.Append(' ').Append(value.GetRawText()).Append('\n');
                break;
        }
    }

    private static void WriteItem(StringBuilder text, JsonElement item, int indent)
    {
        text.Append(' ', indent).Append('-');
        if (item.ValueKind != JsonValueKind.Object)
        {
            WriteValue(text, item, indent + 2);
            return;
        }

        var first = true;
        foreach (var property in item.EnumerateObject())
        {
            text.Append(' ', first ? 1 : indent + 2).Append(property.Name).Append(':');
            WriteValue(text, property.Value, indent + 4);
            first = false;
        }
    }

    // Quoted where it would be read as something else, so that what was shown can be applied again.
    private static string Scalar(JsonElement value)
    {
        var text = value.GetString()!;
        var isPlain =
            PlainScalar(text)?.GetValueKind() == JsonValueKind.String
            && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or '/' or ':' or ' ')
            && !text.Contains(": ", StringComparison.Ordinal)
            && char.IsAsciiLetterOrDigit(text[0])
            && char.IsAsciiLetterOrDigit(text[^1]);
        return isPlain ? text : value.GetRawText();
    }
}
