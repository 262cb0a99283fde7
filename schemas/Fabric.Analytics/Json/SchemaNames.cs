using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Fabric.Analytics.Json;

/// <summary>Names as protobuf's JSON mapping has them, taken from the schema and escaped once.</summary>
internal static class SchemaNames
{
    public static JsonEncodedText Name(MessageDescriptor message, int field) =>
        JsonEncodedText.Encode(message.FindFieldByNumber(field).JsonName);

    /// <summary>Of an enumeration's values, by their numbers. The first is the default, which is not written.</summary>
    public static JsonEncodedText?[] Values(FileDescriptor file, string enumeration) =>
        [
            .. file.FindTypeByName<EnumDescriptor>(enumeration)
                .Values.Select(value => value.Number == 0 ? (JsonEncodedText?)null : JsonEncodedText.Encode(value.Name)),
        ];
}
