using System.Text.Json;

namespace Fabric.Analytics.Json;

/// <summary>Names of members and values of a flow record.</summary>
internal static class FlowNames
{
    public static readonly JsonEncodedText Envelope = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.EnvelopeFieldNumber);
    public static readonly JsonEncodedText Event = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.EventFieldNumber);
    public static readonly JsonEncodedText Session = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.SessionFieldNumber);
    public static readonly JsonEncodedText Started = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.StartedFieldNumber);
    public static readonly JsonEncodedText Initiator = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.InitiatorFieldNumber);
    public static readonly JsonEncodedText Responder = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.ResponderFieldNumber);
    public static readonly JsonEncodedText Protocol = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.ProtocolFieldNumber);
    public static readonly JsonEncodedText Vrf = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.VrfFieldNumber);
    public static readonly JsonEncodedText Sent = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.SentFieldNumber);
    public static readonly JsonEncodedText Received = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.ReceivedFieldNumber);
    public static readonly JsonEncodedText Action = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.ActionFieldNumber);
    public static readonly JsonEncodedText Policy = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.PolicyFieldNumber);
    public static readonly JsonEncodedText Rule = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.RuleFieldNumber);
    public static readonly JsonEncodedText DropReason = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.DropReasonFieldNumber);
    public static readonly JsonEncodedText Translation = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.TranslationFieldNumber);
    public static readonly JsonEncodedText Side = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.SideFieldNumber);
    public static readonly JsonEncodedText Sampling = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.SamplingFieldNumber);
    public static readonly JsonEncodedText RemoteHost = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.RemoteHostFieldNumber);
    public static readonly JsonEncodedText Sessions = SchemaNames.Name(FlowRecord.Descriptor, FlowRecord.SessionsFieldNumber);

    public static readonly JsonEncodedText Address = SchemaNames.Name(FlowEndpoint.Descriptor, FlowEndpoint.AddressFieldNumber);
    public static readonly JsonEncodedText Port = SchemaNames.Name(FlowEndpoint.Descriptor, FlowEndpoint.PortFieldNumber);
    public static readonly JsonEncodedText Machine = SchemaNames.Name(FlowEndpoint.Descriptor, FlowEndpoint.MachineFieldNumber);
    public static readonly JsonEncodedText Network = SchemaNames.Name(FlowEndpoint.Descriptor, FlowEndpoint.NetworkFieldNumber);
    public static readonly JsonEncodedText PrefixLength = SchemaNames.Name(FlowEndpoint.Descriptor, FlowEndpoint.PrefixLengthFieldNumber);

    public static readonly JsonEncodedText Packets = SchemaNames.Name(TrafficCount.Descriptor, TrafficCount.PacketsFieldNumber);
    public static readonly JsonEncodedText Bytes = SchemaNames.Name(TrafficCount.Descriptor, TrafficCount.BytesFieldNumber);

    public static readonly JsonEncodedText InitiatorAddress = SchemaNames.Name(
        FlowTranslation.Descriptor,
        FlowTranslation.InitiatorAddressFieldNumber
    );
    public static readonly JsonEncodedText InitiatorPort = SchemaNames.Name(
        FlowTranslation.Descriptor,
        FlowTranslation.InitiatorPortFieldNumber
    );
    public static readonly JsonEncodedText ResponderAddress = SchemaNames.Name(
        FlowTranslation.Descriptor,
        FlowTranslation.ResponderAddressFieldNumber
    );
    public static readonly JsonEncodedText ResponderPort = SchemaNames.Name(
        FlowTranslation.Descriptor,
        FlowTranslation.ResponderPortFieldNumber
    );

    private static readonly JsonEncodedText?[] Events = SchemaNames.Values(FlowsReflection.Descriptor, "FlowEvent");
    private static readonly JsonEncodedText?[] Actions = SchemaNames.Values(FlowsReflection.Descriptor, "FlowAction");
    private static readonly JsonEncodedText?[] Sides = SchemaNames.Values(FlowsReflection.Descriptor, "FlowSide");

    public static JsonEncodedText? Of(FlowEvent value) => Events[(int)value];

    public static JsonEncodedText? Of(FlowAction value) => Actions[(int)value];

    public static JsonEncodedText? Of(FlowSide value) => Sides[(int)value];
}
