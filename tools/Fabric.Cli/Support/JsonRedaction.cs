using System.Text.Encodings.Web;
using System.Text.Json;

namespace Fabric.Cli.Support;

/// <summary>Copies a JSON document without its secrets, token by token, so that one that was broken off stays a document.</summary>
internal static class JsonRedaction
{
    private static readonly JsonWriterOptions s_indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="json">A document, or the beginning of one.</param>
    /// <param name="isWhole">False: what is open where the text ends is closed.</param>
    /// <param name="redactor">Learns the secrets that are found.</param>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static byte[] Copy(ReadOnlySpan<byte> json, bool isWhole, Redactor redactor)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, s_indented))
        {
            var reader = new Utf8JsonReader(json, isWhole, default);
            var open = new Stack<JsonTokenType>();
            string? name = null;
            while (reader.Read())
            {
                if (name is not null && IsSecret(ref reader, name))
                {
                    if (!Learn(ref reader, redactor))
                    {
                        break;
                    }

                    writer.WriteStringValue(Redactor.Mark);
                    name = null;
                    continue;
                }

                name = reader.TokenType == JsonTokenType.PropertyName ? reader.GetString() : null;
                Write(writer, ref reader, open, redactor);
            }

            Close(writer, open, isDangling: name is not null || writer.BytesCommitted + writer.BytesPending == 0);
        }

        return buffer.ToArray();
    }

    private static bool IsSecret(ref Utf8JsonReader reader, string name) =>
        reader.TokenType switch
        {
            JsonTokenType.Null or JsonTokenType.True or JsonTokenType.False or JsonTokenType.EndObject or JsonTokenType.EndArray => false,
            JsonTokenType.String => SecretNames.IsSecret(name, reader.GetString()),
            _ => SecretNames.IsSecret(name),
        };

    /// <summary>Passes over the value of a secret's name with all that is in it; false where the text ends before.</summary>
    private static bool Learn(ref Utf8JsonReader reader, Redactor redactor)
    {
        var depth = 0;
        do
        {
            depth += reader.TokenType switch
            {
                JsonTokenType.StartObject or JsonTokenType.StartArray => 1,
                JsonTokenType.EndObject or JsonTokenType.EndArray => -1,
                _ => 0,
            };
            if (reader.TokenType == JsonTokenType.String)
            {
                redactor.Learn(reader.GetString()!);
            }
        } while (depth > 0 && reader.Read());

        return depth == 0;
    }

    private static void Write(Utf8JsonWriter writer, ref Utf8JsonReader reader, Stack<JsonTokenType> open, Redactor redactor)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                writer.WriteStartObject();
                open.Push(JsonTokenType.StartObject);
                break;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                open.Push(JsonTokenType.StartArray);
                break;
            case JsonTokenType.EndObject:
                writer.WriteEndObject();
                open.Pop();
                break;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                open.Pop();
                break;
            case JsonTokenType.PropertyName:
                writer.WritePropertyName(redactor.Text(reader.GetString()!));
                break;
            case JsonTokenType.String:
                writer.WriteStringValue(redactor.Text(reader.GetString()!));
                break;
            default:
                writer.WriteRawValue(reader.ValueSpan, skipInputValidation: true);
                break;
        }
    }

    private static void Close(Utf8JsonWriter writer, Stack<JsonTokenType> open, bool isDangling)
    {
        if (isDangling)
        {
            writer.WriteNullValue();
        }

        while (open.TryPop(out var kind))
        {
            if (kind == JsonTokenType.StartObject)
            {
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteEndArray();
            }
        }
    }
}
