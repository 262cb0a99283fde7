using Google.Protobuf;

namespace Fabric.Analytics.Json;

/// <summary>Any row as one line of JSON by protobuf's mapping.</summary>
public static class EventJson
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(false));

    public static string Format(IMessage message) => Formatter.Format(message);

    /// <summary>A row that was written as protobuf.</summary>
    /// <exception cref="InvalidProtocolBufferException">The octets are no message of the topic.</exception>
    public static string FromProtobuf(Topic topic, ReadOnlySpan<byte> octets) => Format(topic.Parser.ParseFrom(octets));
}
