using System.Text.Json;
using Fabric.Primitives;

namespace Fabric.Analytics.Json;

/// <summary>
/// Writes rows of fabric.routes as protobuf's JSON mapping has them, without a message in between, as <see cref="FlowJson"/> does. Rows of IPv4 and VPNv4
/// routes whose attributes have been written before allocate nothing.
/// </summary>
public static class RouteJson
{
    /// <param name="writer">At the start of a value.</param>
    public static void Write(Utf8JsonWriter writer, in RouteRow row, in EventStamp stamp)
    {
        writer.WriteStartObject();
        EnvelopeJson.Write(writer, RouteNames.Envelope, stamp.Now, stamp);
        ProtobufJson.WriteText(writer, RouteNames.Change, RouteNames.Of(row.Change));
        ProtobufJson.WriteText(writer, RouteNames.Table, row.Table);
        ProtobufJson.WriteText(writer, RouteNames.Family, row.Family);
        WritePrefix(writer, row);
        WriteDistinguisher(writer, row);
        ProtobufJson.WriteText(writer, RouteNames.Peer, row.Peer);
        ProtobufJson.WriteText(writer, RouteNames.PeerKind, RouteNames.Of(row.PeerKind));
        ProtobufJson.WriteUInt32(writer, RouteNames.PathId, row.PathId);
        ProtobufJson.WriteText(writer, RouteNames.NextHop, row.Attributes?.Words.NextHop);
        WriteLabels(writer, row);
        if (row.Attributes?.Words is { } words)
        {
            WriteAttributes(writer, words);
        }

        ProtobufJson.WriteTrue(writer, RouteNames.Best, row.IsBest);
        ProtobufJson.WriteTrue(writer, RouteNames.Stale, row.IsStale);
        ProtobufJson.WriteText(writer, RouteNames.ImportedFrom, row.ImportedFrom);
        writer.WriteEndObject();
    }

    private static void WritePrefix(Utf8JsonWriter writer, in RouteRow row)
    {
        if (row.OtherPrefix is { } other)
        {
            ProtobufJson.WriteText(writer, RouteNames.Prefix, other);
            return;
        }

        Span<byte> text = stackalloc byte[IpPrefix.MaxTextLength];
        writer.WriteString(RouteNames.Prefix, text[..row.Prefix.Format(text)]);
    }

    private static void WriteDistinguisher(Utf8JsonWriter writer, in RouteRow row)
    {
        if (row.RouteDistinguisher is { } distinguisher)
        {
            Span<byte> text = stackalloc byte[RouteDistinguisher.MaxTextLength];
            writer.WriteString(RouteNames.RouteDistinguisher, text[..distinguisher.Format(text)]);
        }
    }

    private static void WriteAttributes(Utf8JsonWriter writer, RouteEvent words)
    {
        ProtobufJson.WriteText(writer, RouteNames.Origin, words.Origin);
        ProtobufJson.WriteText(writer, RouteNames.AsPath, words.AsPath);
        ProtobufJson.WriteUInt32(writer, RouteNames.LocalPreference, words.LocalPreference);
        ProtobufJson.WriteUInt32(writer, RouteNames.MultiExitDiscriminator, words.MultiExitDiscriminator);
        ProtobufJson.WriteTexts(writer, RouteNames.RouteTargets, words.RouteTargets);
        ProtobufJson.WriteTexts(writer, RouteNames.Communities, words.Communities);
        ProtobufJson.WriteTexts(writer, RouteNames.Encapsulations, words.Encapsulations);
    }

    private static void WriteLabels(Utf8JsonWriter writer, in RouteRow row)
    {
        if (row.Label is not { } label)
        {
            return;
        }

        writer.WriteStartArray(RouteNames.Labels);
        writer.WriteNumberValue(label);
        if (row.SecondLabel is { } second)
        {
            writer.WriteNumberValue(second);
        }

        writer.WriteEndArray();
    }
}
