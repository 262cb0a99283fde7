using System.Text.Json;

namespace Fabric.Analytics.Json;

/// <summary>Writes the envelope that every row begins with.</summary>
internal static class EnvelopeJson
{
    private static readonly JsonEncodedText s_time = Name(Envelope.TimeFieldNumber);
    private static readonly JsonEncodedText s_node = Name(Envelope.NodeFieldNumber);
    private static readonly JsonEncodedText s_kind = Name(Envelope.KindFieldNumber);
    private static readonly JsonEncodedText s_epoch = Name(Envelope.EpochFieldNumber);
    private static readonly JsonEncodedText s_sequence = Name(Envelope.SequenceFieldNumber);
    private static readonly JsonEncodedText?[] s_kinds = SchemaNames.Values(EnvelopeReflection.Descriptor, "SourceKind");

    /// <param name="name">Of the member.</param>
    /// <param name="time">Of the event, microseconds since 1970.</param>
    public static void Write(Utf8JsonWriter writer, JsonEncodedText name, long time, in EventStamp stamp)
    {
        writer.WriteStartObject(name);
        ProtobufJson.WriteTime(writer, s_time, time);
        ProtobufJson.WriteText(writer, s_node, stamp.Node);
        ProtobufJson.WriteText(writer, s_kind, s_kinds[(int)stamp.Kind]);
        ProtobufJson.WriteUInt64(writer, s_epoch, stamp.Epoch);
        ProtobufJson.WriteUInt64(writer, s_sequence, stamp.Sequence);
        writer.WriteEndObject();
    }

    private static JsonEncodedText Name(int field) => SchemaNames.Name(Envelope.Descriptor, field);
}
