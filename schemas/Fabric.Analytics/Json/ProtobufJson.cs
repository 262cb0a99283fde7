using System.Globalization;
using System.Text.Json;
using Fabric.Primitives;
using Google.Protobuf.Collections;

namespace Fabric.Analytics.Json;

/// <summary>Single values of protobuf's JSON mapping. What has its default value is not written.</summary>
internal static class ProtobufJson
{
    private const int MaxTimeLength = 32;
    private const int MaxUInt64Length = 20;

    public static void WriteText(Utf8JsonWriter writer, JsonEncodedText name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            writer.WriteString(name, value);
        }
    }

    public static void WriteText(Utf8JsonWriter writer, JsonEncodedText name, JsonEncodedText? value)
    {
        if (value is { } text)
        {
            writer.WriteString(name, text);
        }
    }

    public static void WriteUInt32(Utf8JsonWriter writer, JsonEncodedText name, uint value)
    {
        if (value != 0)
        {
            writer.WriteNumber(name, value);
        }
    }

    /// <summary>As text: a reader whose numbers are doubles would lose the low bits.</summary>
    public static void WriteUInt64(Utf8JsonWriter writer, JsonEncodedText name, ulong value)
    {
        if (value != 0)
        {
            Span<byte> text = stackalloc byte[MaxUInt64Length];
            value.TryFormat(text, out var length, default, CultureInfo.InvariantCulture);
            writer.WriteString(name, text[..length]);
        }
    }

    /// <summary>RFC 3339 with as many groups of three digits behind the second as are needed.</summary>
    /// <param name="microseconds">Since 1970.</param>
    public static void WriteTime(Utf8JsonWriter writer, JsonEncodedText name, long microseconds)
    {
        Span<byte> text = stackalloc byte[MaxTimeLength];
        var time = DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
        time.TryFormat(text, out var length, "s", CultureInfo.InvariantCulture);
        var fraction = (int)(time.Ticks % TimeSpan.TicksPerSecond / TimeSpan.TicksPerMicrosecond);
        if (fraction != 0)
        {
            text[length++] = (byte)'.';
            var isMilliseconds = fraction % 1000 == 0;
            WriteDigits(text[length..], isMilliseconds ? fraction / 1000 : fraction, isMilliseconds ? 3 : 6);
            length += isMilliseconds ? 3 : 6;
        }

        text[length++] = (byte)'Z';
        writer.WriteString(name, text[..length]);
    }

    public static void WriteAddress(Utf8JsonWriter writer, JsonEncodedText name, IpAddress address)
    {
        if (!address.IsNone)
        {
            Span<byte> text = stackalloc byte[IpAddress.MaxTextLength];
            writer.WriteString(name, text[..address.Format(text)]);
        }
    }

    public static void WriteTrue(Utf8JsonWriter writer, JsonEncodedText name, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(name, value);
        }
    }

    public static void WriteTexts(Utf8JsonWriter writer, JsonEncodedText name, RepeatedField<string> values)
    {
        if (values.Count == 0)
        {
            return;
        }

        writer.WriteStartArray(name);
        // By number: its enumerator is an object.
        for (var i = 0; i < values.Count; i++)
        {
            writer.WriteStringValue(values[i]);
        }

        writer.WriteEndArray();
    }

    private static void WriteDigits(Span<byte> text, int value, int count)
    {
        for (var i = count - 1; i >= 0; i--)
        {
            text[i] = (byte)('0' + value % 10);
            value /= 10;
        }
    }
}
