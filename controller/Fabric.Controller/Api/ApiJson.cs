using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Fabric.Config;
using Fabric.Model.Config;

namespace Fabric.Controller.Api;

/// <summary>The bodies of answers.</summary>
internal static class ApiJson
{
    public const string ContentType = "application/json";

    // Answers are JSON, never part of a web page, so quotes may stay readable.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task WriteAsync(HttpContext context, string contentType, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = contentType;
        return WriteAsync(context, write);
    }

    public static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            write(writer);
        }

        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }

    public static Task WriteObjectAsync(HttpContext context, StoredObject item)
    {
        context.Response.Headers.ETag = ETag.Of(item.Revision);
        return WriteAsync(context, ContentType, writer => ConfigJson.Write(writer, item.Value));
    }

    public static Task WriteListAsync(HttpContext context, long revision, IEnumerable<ConfigObject> objects)
    {
        context.Response.Headers.ETag = ETag.Of(revision);
        return WriteAsync(
            context,
            ContentType,
            writer =>
            {
                writer.WriteStartArray();
                foreach (var value in objects)
                {
                    ConfigJson.Write(writer, value);
                }

                writer.WriteEndArray();
            }
        );
    }

    /// <summary>{"revision": 7, "changes": [{"action": "create", "kind", "project", "name", "before", "after"}]}</summary>
    public static Task WriteDiffAsync(HttpContext context, ApplyResult result) =>
        WriteAsync(
            context,
            ContentType,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("revision", result.Delta.Revision);
                writer.WriteStartArray("changes");
                foreach (var diff in result.Diff)
                {
                    var action =
                        diff.Before is null ? "create"
                        : diff.After is null ? "delete"
                        : "update";
                    writer.WriteStartObject();
                    writer.WriteString("action", action);
                    WriteKey(writer, diff.Key);
                    WriteOptional(writer, "before", diff.Before);
                    WriteOptional(writer, "after", diff.After);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );

    /// <summary>One line of the watch: {"revision": 7, "changes": [{"kind", "project", "name", "object"}]}; without object: deleted.</summary>
    public static void WriteDelta(Utf8JsonWriter writer, ConfigDelta delta)
    {
        writer.WriteStartObject();
        writer.WriteNumber("revision", delta.Revision);
        writer.WriteStartArray("changes");
        foreach (var change in delta.Changes)
        {
            writer.WriteStartObject();
            WriteKey(writer, change.Key);
            WriteOptional(writer, "object", change.Value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteKey(Utf8JsonWriter writer, ConfigKey key)
    {
        writer.WriteString("kind", key.Kind.Word());
        if (key.Project.Length > 0)
        {
            writer.WriteString("project", key.Project);
        }

        writer.WriteString("name", key.Name);
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, ConfigObject? value)
    {
        if (value is not null)
        {
            writer.WritePropertyName(name);
            ConfigJson.Write(writer, value);
        }
    }
}
