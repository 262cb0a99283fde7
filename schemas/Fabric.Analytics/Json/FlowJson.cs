using System.Text.Json;

namespace Fabric.Analytics.Json;

/// <summary>
/// Writes rows of fabric.flows as protobuf's JSON mapping has them, without a message in between: same members, same text of 64-bit numbers, times
/// and enumerations, nothing for what has its default value. Rows between IPv4 addresses allocate nothing.
/// </summary>
public static class FlowJson
{
    /// <param name="writer">At the start of a value.</param>
    public static void Write(Utf8JsonWriter writer, in FlowRow row, in EventStamp stamp)
    {
        writer.WriteStartObject();
        EnvelopeJson.Write(writer, FlowNames.Envelope, row.Time == 0 ? stamp.Now : row.Time, stamp);
        ProtobufJson.WriteText(writer, FlowNames.Event, FlowNames.Of(row.Event));
        ProtobufJson.WriteUInt64(writer, FlowNames.Session, row.Session);
        ProtobufJson.WriteTime(writer, FlowNames.Started, row.Started);
        WriteEndpoint(writer, FlowNames.Initiator, row.Initiator);
        WriteEndpoint(writer, FlowNames.Responder, row.Responder);
        ProtobufJson.WriteUInt32(writer, FlowNames.Protocol, row.Protocol);
        ProtobufJson.WriteText(writer, FlowNames.Vrf, row.Vrf);
        WriteTraffic(writer, FlowNames.Sent, row.SentPackets, row.SentBytes);
        WriteTraffic(writer, FlowNames.Received, row.ReceivedPackets, row.ReceivedBytes);
        ProtobufJson.WriteText(writer, FlowNames.Action, FlowNames.Of(row.Action));
        ProtobufJson.WriteText(writer, FlowNames.Policy, row.Policy);
        ProtobufJson.WriteText(writer, FlowNames.Rule, row.Rule);
        ProtobufJson.WriteText(writer, FlowNames.DropReason, row.DropReason);
        if (row.IsTranslated)
        {
            writer.WriteStartObject(FlowNames.Translation);
            ProtobufJson.WriteAddress(writer, FlowNames.InitiatorAddress, row.TranslatedInitiator);
            ProtobufJson.WriteUInt32(writer, FlowNames.InitiatorPort, row.TranslatedInitiatorPort);
            ProtobufJson.WriteAddress(writer, FlowNames.ResponderAddress, row.TranslatedResponder);
            ProtobufJson.WriteUInt32(writer, FlowNames.ResponderPort, row.TranslatedResponderPort);
            writer.WriteEndObject();
        }

        ProtobufJson.WriteText(writer, FlowNames.Side, FlowNames.Of(row.Side));
        ProtobufJson.WriteUInt32(writer, FlowNames.Sampling, row.Sampling);
        ProtobufJson.WriteAddress(writer, FlowNames.RemoteHost, row.RemoteHost);
        ProtobufJson.WriteUInt32(writer, FlowNames.Sessions, row.Sessions);
        writer.WriteEndObject();
    }

    private static void WriteEndpoint(Utf8JsonWriter writer, JsonEncodedText name, in FlowRowEndpoint endpoint)
    {
        writer.WriteStartObject(name);
        ProtobufJson.WriteAddress(writer, FlowNames.Address, endpoint.Address);
        ProtobufJson.WriteUInt32(writer, FlowNames.Port, endpoint.Port);
        ProtobufJson.WriteText(writer, FlowNames.Machine, endpoint.Machine);
        ProtobufJson.WriteText(writer, FlowNames.Network, endpoint.Network);
        ProtobufJson.WriteUInt32(writer, FlowNames.PrefixLength, endpoint.PrefixLength);
        writer.WriteEndObject();
    }

    private static void WriteTraffic(Utf8JsonWriter writer, JsonEncodedText name, ulong packets, ulong bytes)
    {
        writer.WriteStartObject(name);
        ProtobufJson.WriteUInt64(writer, FlowNames.Packets, packets);
        ProtobufJson.WriteUInt64(writer, FlowNames.Bytes, bytes);
        writer.WriteEndObject();
    }
}
