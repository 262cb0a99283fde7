using System.Text.Json;
using System.Text.Json.Serialization;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>Its errors are sentences for an operator.</summary>
internal interface IDescribedConverter;

/// <summary>A primitive as a JSON string in its own text form.</summary>
/// <param name="what">The noun of the error, with its article.</param>
/// <param name="example">A text that would be right.</param>
internal abstract class TextJsonConverter<T>(string what, string example) : JsonConverter<T>, IDescribedConverter
    where T : struct
{
    protected abstract bool TryParse(string? text, out T value);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return TryParse(text, out var value)
            ? value
            : throw new JsonException($"{(text is null ? "This" : $"'{text}'")} is not {what} such as \"{example}\".");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

internal sealed class IpAddressJsonConverter() : TextJsonConverter<IpAddress>("an IP address", "10.1.0.1")
{
    protected override bool TryParse(string? text, out IpAddress value) => IpAddress.TryParse(text, out value);
}

internal sealed class IpPrefixJsonConverter() : TextJsonConverter<IpPrefix>("a prefix (its host bits are zero)", "10.1.0.0/24")
{
    protected override bool TryParse(string? text, out IpPrefix value) => IpPrefix.TryParse(text, out value);
}

internal sealed class MacAddressJsonConverter() : TextJsonConverter<MacAddress>("a MAC address", "02:00:00:00:00:01")
{
    protected override bool TryParse(string? text, out MacAddress value) => MacAddress.TryParse(text, out value);
}

internal sealed class RouteTargetJsonConverter() : TextJsonConverter<RouteTarget>("a route target", "target:64512:100")
{
    protected override bool TryParse(string? text, out RouteTarget value) => RouteTarget.TryParse(text, out value);
}

internal sealed class AddressFamilyJsonConverter() : TextJsonConverter<AddressFamily>("an address family", "vpnv4")
{
    protected override bool TryParse(string? text, out AddressFamily value) => AddressFamily.TryParse(text, out value);
}

internal sealed class BgpIdentifierJsonConverter() : TextJsonConverter<BgpIdentifier>("a BGP Identifier", "192.0.2.1")
{
    protected override bool TryParse(string? text, out BgpIdentifier value)
    {
        var parsed = IpAddress.TryParse(text, out var address) && address.IsIpv4 && address.Ipv4 != 0;
        value = parsed ? new BgpIdentifier(address.Ipv4) : default;
        return parsed;
    }
}
