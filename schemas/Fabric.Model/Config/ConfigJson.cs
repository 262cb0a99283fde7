using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>The JSON form of configuration objects: kebab-case keys, "kind" first, what is absent left out.</summary>
public static class ConfigJson
{
    private const string KindKey = "kind";

    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    /// <summary>The contract of a kind, for those who describe or check it.</summary>
    public static JsonTypeInfo TypeInfo(ConfigKind kind) =>
        kind switch
        {
            ConfigKind.GlobalConfig => ConfigJsonContext.Default.GlobalConfig,
            ConfigKind.VirtualNetwork => ConfigJsonContext.Default.VirtualNetwork,
            ConfigKind.Subnet => ConfigJsonContext.Default.Subnet,
            ConfigKind.SecurityGroup => ConfigJsonContext.Default.SecurityGroup,
            ConfigKind.Port => ConfigJsonContext.Default.Port,
            ConfigKind.NetworkConnection => ConfigJsonContext.Default.NetworkConnection,
            ConfigKind.BgpRouter => ConfigJsonContext.Default.BgpRouter,
            _ => throw new ArgumentOutOfRangeException(nameof(kind)),
        };

    /// <summary>For who reads the configuration: without secrets.</summary>
    public static void Write(Utf8JsonWriter writer, ConfigObject value) => Write(writer, value, withSecrets: false);

    /// <summary>For stores: with secrets.</summary>
    public static string Format(ConfigObject value, bool indented = false)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, indented ? Indented : default))
        {
            Write(writer, value, withSecrets: true);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length));
    }

    /// <summary>Reads an object whose kind its "kind" names.</summary>
    public static ConfigObject? Read(JsonElement element, string path, ICollection<ConfigError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new ConfigError(path, "An object is expected here.", "Write {\"kind\": \"virtual-network\", \"name\": \"red\"}."));
            return null;
        }

        var word =
            element.TryGetProperty(KindKey, out var kindElement) && kindElement.ValueKind == JsonValueKind.String
                ? kindElement.GetString()
                : null;
        if (ConfigKinds.Find(word) is not { } kind)
        {
            var known = string.Join(", ", ConfigKinds.All.Select(ConfigKinds.Word));
            var message = word is null ? "The object has no kind." : $"There is no kind '{word}'.";
            errors.Add(new ConfigError($"{path}.{KindKey}", message, $"Use one of {known}."));
            return null;
        }

        return Read(kind, element, path, errors);
    }

    /// <summary>
    /// Reads an object of a known kind. Every fault of its shape is reported, each with its path, up to <see cref="ConfigError.MaxTold"/>; then the
    /// answer is null.
    /// </summary>
    public static ConfigObject? Read(ConfigKind kind, JsonElement element, string path, ICollection<ConfigError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var faults = errors.Count;
        if (faults >= ConfigError.MaxTold)
        {
            return null;
        }

        var typeInfo = TypeInfo(kind);
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(KindKey, out var word) && !word.ValueEquals(kind.Word()))
        {
            errors.Add(new ConfigError($"{path}.{KindKey}", $"The kind here is {kind.Word()}.", "Leave the kind out, or correct it."));
        }

        JsonShape.Check(element, typeInfo, path, errors, KindKey);
        return errors.Count > faults ? null : (ConfigObject?)element.Deserialize(typeInfo);
    }

    /// <summary>Reads what <see cref="Format"/> wrote.</summary>
    public static bool TryParse(string json, [NotNullWhen(true)] out ConfigObject? value)
    {
        value = null;
        try
        {
            using var document = JsonDocument.Parse(json);
            value = Read(document.RootElement, "$", []);
        }
        catch (JsonException)
        {
            return false;
        }

        return value is not null;
    }

    private static void Write(Utf8JsonWriter writer, ConfigObject value, bool withSecrets)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        var typeInfo = TypeInfo(value.Kind);
        var hidden = withSecrets ? [] : typeInfo.Properties.Where(IsSecret).Select(property => property.Name).ToHashSet();
        writer.WriteStartObject();
        writer.WriteString(KindKey, value.Kind.Word());
        var element = JsonSerializer.SerializeToElement(value, typeInfo);
        foreach (var property in element.EnumerateObject().Where(IsWorthShowing))
        {
            if (!hidden.Contains(property.Name))
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }

    private static bool IsSecret(JsonPropertyInfo property) =>
        (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(Secret);

    /// <summary>An empty list says no more than its absence.</summary>
    private static bool IsWorthShowing(JsonProperty property) =>
        property.Value.ValueKind != JsonValueKind.Array || property.Value.GetArrayLength() > 0;
}
