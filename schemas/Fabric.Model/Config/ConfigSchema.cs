using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>
/// JSON Schema (draft 2020-12) of the configuration objects, made from the records so that it cannot differ from what is read.
/// The files in schemas/config are these, for other programs; a test holds them equal.
/// </summary>
public static class ConfigSchema
{
    private static readonly Dictionary<Type, (string Description, string Example)> s_texts = new()
    {
        [typeof(IpAddress)] = ("An IPv4 or IPv6 address.", "10.1.0.3"),
        [typeof(IpPrefix)] = ("An IP prefix without host bits.", "10.1.0.0/24"),
        [typeof(MacAddress)] = ("An Ethernet address.", "02:00:00:00:00:01"),
        [typeof(RouteTarget)] = ("A route target.", "target:64512:8000001"),
        [typeof(BgpIdentifier)] = ("A BGP Identifier, written as an IPv4 address.", "192.0.2.1"),
        [typeof(AddressFamily)] = ("ipv4, ipv6, vpnv4, vpnv6, evpn or rtc.", "vpnv4"),
    };

    private static readonly JsonSchemaExporterOptions s_options = new() { TreatNullObliviousAsNonNullable = true };

    public static JsonObject Of(ConfigKind kind)
    {
        var schema = Of(ConfigJson.TypeInfo(kind));
        schema["properties"]!.AsObject().Insert(0, "kind", new JsonObject { ["const"] = kind.Word() });
        schema.Insert(0, "$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", kind.Word());
        return schema;
    }

    private static JsonObject Of(JsonTypeInfo type)
    {
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(type, s_options).AsObject();
        var properties = schema["properties"]!.AsObject();
        foreach (var property in type.Properties)
        {
            // The exporter says nothing of types with converters of their own.
            if (Describe(property.PropertyType, type) is { } described && properties[property.Name] is { } exported)
            {
                if (exported is JsonObject members && members.TryGetPropertyValue("default", out var value))
                {
                    described["default"] = value?.DeepClone();
                }

                properties[property.Name] = described;
            }
        }

        schema["additionalProperties"] = false;
        return schema;
    }

    private static JsonObject? Describe(Type type, JsonTypeInfo owner)
    {
        var underlying = Nullable.GetUnderlyingType(type);
        var plain = underlying ?? type;
        if (s_texts.TryGetValue(plain, out var text))
        {
            return new JsonObject
            {
                ["type"] = underlying is null ? "string" : new JsonArray("string", "null"),
                ["description"] = text.Description,
                ["examples"] = new JsonArray(text.Example),
            };
        }

        if (!plain.IsGenericType || plain.GetGenericTypeDefinition() != typeof(EquatableArray<>))
        {
            return null;
        }

        var item = plain.GetGenericArguments()[0];
        var items =
            item == typeof(string) ? new JsonObject { ["type"] = "string" } : Describe(item, owner) ?? Of(owner.Options.GetTypeInfo(item));
        return new JsonObject { ["type"] = "array", ["items"] = items };
    }
}
