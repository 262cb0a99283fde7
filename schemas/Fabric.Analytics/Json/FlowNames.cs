using System.Text.Json;
using Google.Protobuf.Reflection;

namespace Fabric.Analytics.Json;

/// <summary>Names of members and values of a flow record, taken from the schema and escaped once.</summary>
internal static class FlowNames
{
    public static readonly JsonEncodedText Envelope = Name(FlowRecord.Descriptor, FlowRecord.EnvelopeFieldNumber);
    public static readonly JsonEncodedText Event = Name(FlowRecord.Descriptor, FlowRecord.EventFieldNumber);
    public static readonly JsonEncodedText Session = Name(FlowRecord.Descriptor, FlowRecord.SessionFieldNumber);
    public static readonly JsonEncodedText Started = Name(FlowRecord.Descriptor, FlowRecord.StartedFieldNumber);
    public static readonly JsonEncodedText Initiator = Name(FlowRecord.Descriptor, FlowRecord.InitiatorFieldNumber);
    public static readonly JsonEncodedText Responder = Name(FlowRecord.Descriptor, FlowRecord.ResponderFieldNumber);
    public static readonly JsonEncodedText Protocol = Name(FlowRecord.Descriptor, FlowRecord.ProtocolFieldNumber);
    public static readonly JsonEncodedText Vrf = Name(FlowRecord.Descriptor, FlowRecord.VrfFieldNumber);
    public static readonly JsonEncodedText Sent = Name(FlowRecord.Descriptor, FlowRecord.SentFieldNumber);
    public static readonly JsonEncodedText Received = Name(FlowRecord.Descriptor, FlowRecord.ReceivedFieldNumber);
    public static readonly JsonEncodedText Action = Name(FlowRecord.Descriptor, FlowRecord.ActionFieldNumber);
    public static readonly JsonEncodedText Policy = Name(FlowRecord.Descriptor, FlowRecord.PolicyFieldNumber);
    public static readonly JsonEncodedText Rule = Name(FlowRecord.Descriptor, FlowRecord.RuleFieldNumber);
    public static readonly JsonEncodedText DropReason = Name(FlowRecord.Descriptor, FlowRecord.DropReasonFieldNumber);
    public static readonly JsonEncodedText Translation = Name(FlowRecord.Descriptor, FlowRecord.TranslationFieldNumber);
    public static readonly JsonEncodedText Side = Name(FlowRecord.Descriptor, FlowRecord.SideFieldNumber);
    public static readonly JsonEncodedText Sampling = Name(FlowRecord.Descriptor, FlowRecord.SamplingFieldNumber);
    public static readonly JsonEncodedText RemoteHost = Name(FlowRecord.Descriptor, FlowRecord.RemoteHostFieldNumber);

    public static readonly JsonEncodedText Time = Name(Analytics.Envelope.Descriptor, Analytics.Envelope.TimeFieldNumber);
    public static readonly JsonEncodedText Node = Name(Analytics.Envelope.Descriptor, Analytics.Envelope.NodeFieldNumber);
    public static readonly JsonEncodedText Kind = Name(Analytics.Envelope.Descriptor, Analytics.Envelope.KindFieldNumber);
    public static readonly JsonEncodedText Epoch = Name(Analytics.Envelope.Descriptor, Analytics.Envelope.EpochFieldNumber);
    public static readonly JsonEncodedText Sequence = Name(Analytics.Envelope.Descriptor, Analytics.Envelope.SequenceFieldNumber);

    public static readonly JsonEncodedText Address = Name(FlowEndpoint.Descriptor, FlowEndpoint.AddressFieldNumber);
    public static readonly JsonEncodedText Port = Name(FlowEndpoint.Descriptor, FlowEndpoint.PortFieldNumber);
    public static readonly JsonEncodedText Machine = Name(FlowEndpoint.Descriptor, FlowEndpoint.MachineFieldNumber);
    public static readonly JsonEncodedText Network = Name(FlowEndpoint.Descriptor, FlowEndpoint.NetworkFieldNumber);

    public static readonly JsonEncodedText Packets = Name(TrafficCount.Descriptor, TrafficCount.PacketsFieldNumber);
    public static readonly JsonEncodedText Bytes = Name(TrafficCount.Descriptor, TrafficCount.BytesFieldNumber);

    public static readonly JsonEncodedText InitiatorAddress = Name(FlowTranslation.Descriptor, FlowTranslation.InitiatorAddressFieldNumber);
    public static readonly JsonEncodedText InitiatorPort = Name(FlowTranslation.Descriptor, FlowTranslation.InitiatorPortFieldNumber);
    public static readonly JsonEncodedText ResponderAddress = Name(FlowTranslation.Descriptor, FlowTranslation.ResponderAddressFieldNumber);
    public static readonly JsonEncodedText ResponderPort = Name(FlowTranslation.Descriptor, FlowTranslation.ResponderPortFieldNumber);

    private static readonly JsonEncodedText?[] Events = Values(FlowsReflection.Descriptor.FindTypeByName<EnumDescriptor>("FlowEvent"));
    private static readonly JsonEncodedText?[] Actions = Values(FlowsReflection.Descriptor.FindTypeByName<EnumDescriptor>("FlowAction"));
    private static readonly JsonEncodedText?[] Sides = Values(FlowsReflection.Descriptor.FindTypeByName<EnumDescriptor>("FlowSide"));
    private static readonly JsonEncodedText?[] Kinds = Values(EnvelopeReflection.Descriptor.FindTypeByName<EnumDescriptor>("SourceKind"));

    public static JsonEncodedText? Of(FlowEvent value) => Events[(int)value];

    public static JsonEncodedText? Of(FlowAction value) => Actions[(int)value];

    public static JsonEncodedText? Of(FlowSide value) => Sides[(int)value];

    public static JsonEncodedText? Of(SourceKind value) => Kinds[(int)value];

    private static JsonEncodedText Name(MessageDescriptor message, int field) =>
        JsonEncodedText.Encode(message.FindFieldByNumber(field).JsonName);

    // The first value is the default, which is not written.
    private static JsonEncodedText?[] Values(EnumDescriptor values) =>
        [.. values.Values.Select(value => value.Number == 0 ? (JsonEncodedText?)null : JsonEncodedText.Encode(value.Name))];
}
