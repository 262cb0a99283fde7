using System.Text.Json;
using Fabric.Model.Config;

namespace Fabric.Controller.Api;

/// <summary>The URL names the object, so the body need not.</summary>
internal static class NamedElement
{
    public static JsonElement WithKey(JsonElement body, ConfigKey key)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return body;
        }

        var missingName = !body.TryGetProperty("name", out _);
        var missingProject = key.Project.Length > 0 && !body.TryGetProperty("project", out _);
        if (!missingName && !missingProject)
        {
            return body;
        }

        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (missingName)
            {
                writer.WriteString("name", key.Name);
            }

            if (missingProject)
            {
                writer.WriteString("project", key.Project);
            }

            foreach (var property in body.EnumerateObject())
            {
                property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
        return document.RootElement.Clone();
    }
}
