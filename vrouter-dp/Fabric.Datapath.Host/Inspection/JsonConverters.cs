using System.Text.Json;
using System.Text.Json.Serialization;
using Fabric.Primitives;

namespace Fabric.Datapath.Host.Inspection;

/// <summary>Values of the fabric as text. Inspection only writes.</summary>
public abstract class TextConverter<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value?.ToString());
}

public sealed class IpAddressConverter : TextConverter<IpAddress>;

public sealed class IpPrefixConverter : TextConverter<IpPrefix>;

public sealed class MacAddressConverter : TextConverter<MacAddress>;

/// <summary>Enum values in kebab case, as the keys are.</summary>
public sealed class KebabEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
    where T : struct, Enum;
