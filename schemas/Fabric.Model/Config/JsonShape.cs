using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Fabric.Model.Config;

/// <summary>
/// Compares JSON with a contract and reports every difference. The deserializer itself stops at the first, and an operator
/// wants to hear of all at once, up to <see cref="ConfigError.MaxTold"/>.
/// </summary>
internal static class JsonShape
{
    public static void Check(
        JsonElement element,
        JsonTypeInfo typeInfo,
        string path,
        ICollection<ConfigError> errors,
        string? extraKey = null
    )
    {
        if (typeInfo.Kind == JsonTypeInfoKind.Object)
        {
            CheckObject(element, typeInfo, path, errors, extraKey);
        }
        else if (typeInfo.Converter is IListConverter list && element.ValueKind == JsonValueKind.Array)
        {
            var itemInfo = typeInfo.Options.GetTypeInfo(list.ItemType);
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                if (errors.Count >= ConfigError.MaxTold)
                {
                    return;
                }

                Check(item, itemInfo, $"{path}[{index++}]", errors);
            }
        }
        else
        {
            CheckValue(element, typeInfo, path, errors);
        }
    }

    private static void CheckObject(
        JsonElement element,
        JsonTypeInfo typeInfo,
        string path,
        ICollection<ConfigError> errors,
        string? extraKey
    )
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            errors.Add(new ConfigError(path, "An object is expected here.", $"Its keys are {Keys(typeInfo)}."));
            return;
        }

        var seen = new HashSet<string>();
        foreach (var property in element.EnumerateObject())
        {
            if (errors.Count >= ConfigError.MaxTold)
            {
                return;
            }

            var contract = Properties(typeInfo).FirstOrDefault(candidate => candidate.Name == property.Name);
            var propertyPath = $"{path}.{property.Name}";
            if (!seen.Add(property.Name))
            {
                errors.Add(new ConfigError(propertyPath, "This key stands here twice.", "Keep one of them."));
            }
            else if (contract is not null)
            {
                CheckProperty(property.Value, contract, propertyPath, errors);
            }
            else if (property.Name != extraKey)
            {
                errors.Add(new ConfigError(propertyPath, $"There is no key '{property.Name}' here.", $"The keys are {Keys(typeInfo)}."));
            }
        }

        foreach (var missing in Properties(typeInfo).Where(property => property.IsRequired && !seen.Contains(property.Name)))
        {
            errors.Add(new ConfigError($"{path}.{missing.Name}", $"'{missing.Name}' is missing.", "Give it a value."));
        }
    }

    private static void CheckProperty(JsonElement value, JsonPropertyInfo contract, string path, ICollection<ConfigError> errors)
    {
        if (value.ValueKind == JsonValueKind.Null && contract.IsSetNullable)
        {
            return;
        }

        var type = Nullable.GetUnderlyingType(contract.PropertyType) ?? contract.PropertyType;
        Check(value, contract.Options.GetTypeInfo(type), path, errors);
    }

    private static void CheckValue(JsonElement element, JsonTypeInfo typeInfo, string path, ICollection<ConfigError> errors)
    {
        try
        {
            if (element.ValueKind != JsonValueKind.Null && element.Deserialize(typeInfo) is not null)
            {
                return;
            }

            errors.Add(new ConfigError(path, "This is null.", "Give it a value or leave the key out."));
        }
        catch (Exception mismatch) when (mismatch is JsonException or FormatException)
        {
            // The library's own words name .NET types; those of our converters name the thing and show an example.
            var ours = typeInfo.Converter is IDescribedConverter;
            var message = ours ? WithoutPosition(mismatch.Message) : $"This is not {Noun(typeInfo.Type)}.";
            errors.Add(new ConfigError(path, message, ours ? "Correct it." : $"Give it {Noun(typeInfo.Type)}."));
        }
    }

    private static string WithoutPosition(string message)
    {
        // The deserializer appends " Path: ... | LineNumber: ...".
        var end = message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }

    private static string Noun(Type type)
    {
        var underlying = Nullable.GetUnderlyingType(type) ?? type;
        return Type.GetTypeCode(underlying) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.String => "a text",
            TypeCode.Byte => "a number from 0 to 255",
            TypeCode.UInt16 => "a number from 0 to 65535",
            TypeCode.UInt32 => "a number from 0 to 4294967295",
            TypeCode.Int32 => "a number",
            _ when underlying == typeof(Guid) => "a UUID",
            _ when underlying.IsGenericType => "a list",
            _ => "a text of that form",
        };
    }

    /// <summary>Ignored properties stand in the contract too, without a getter.</summary>
    private static IEnumerable<JsonPropertyInfo> Properties(JsonTypeInfo typeInfo) =>
        typeInfo.Properties.Where(property => property.Get is not null);

    private static string Keys(JsonTypeInfo typeInfo) => string.Join(", ", Properties(typeInfo).Select(property => property.Name));
}
