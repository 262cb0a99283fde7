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
        [typeof(AddressFamily)] = ("ipv4, ipv6, ipv4-labelled, ipv6-labelled, vpnv4, vpnv6, evpn or rtc.", "vpnv4"),
        [typeof(BgpRole)] = ("provider, customer, peer, route-server or route-server-client.", "provider"),
        [typeof(NextHopRule)] = ("default, self or unchanged.", "self"),
        [typeof(PrivateAsRemoval)] = ("keep, remove or replace.", "remove"),
        [typeof(TunnelEncapsulationRule)] = ("default, keep or remove.", "keep"),
        [typeof(CommunityKinds)] = ("standard, extended or large.", "standard"),
        [typeof(Secret)] = ("It can be written, and is not shown.", "correct horse"),
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

    // Every object inside of another one may be left out.
    private static JsonObject DescribeInner(JsonTypeInfo type)
    {
        var described = Of(type);
        described["type"] = new JsonArray("object", "null");
        return described;
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
            return owner.Options.GetTypeInfo(type) is { Kind: JsonTypeInfoKind.Object } inner ? DescribeInner(inner) : null;
        }

        var item = plain.GetGenericArguments()[0];
        var items =
            item == typeof(string) ? new JsonObject { ["type"] = "string" }
            : owner.Options.GetTypeInfo(item) is { Kind: JsonTypeInfoKind.Object } members ? Of(members)
            : Describe(item, owner);
        return new JsonObject { ["type"] = "array", ["items"] = items };
    }
}
