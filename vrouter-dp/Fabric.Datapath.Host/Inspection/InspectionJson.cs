using System.Text.Json.Serialization;
using Fabric.Datapath.Inspection;

namespace Fabric.Datapath.Host.Inspection;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [
        typeof(IpAddressConverter),
        typeof(IpPrefixConverter),
        typeof(MacAddressConverter),
        typeof(KebabEnumConverter<DropReason>),
        typeof(KebabEnumConverter<FlowAction>),
        typeof(KebabEnumConverter<TcpProgress>),
    ]
)]
[JsonSerializable(typeof(StatusRecord))]
[JsonSerializable(typeof(Listing<FlowRecord>))]
[JsonSerializable(typeof(Listing<VifRecord>))]
[JsonSerializable(typeof(Listing<VrfRecord>))]
[JsonSerializable(typeof(Listing<RouteRecord>))]
[JsonSerializable(typeof(Listing<NextHopRecord>))]
[JsonSerializable(typeof(Listing<LabelRecord>))]
[JsonSerializable(typeof(Listing<AccessListRecord>))]
[JsonSerializable(typeof(DropsRecord))]
[JsonSerializable(typeof(ErrorRecord))]
internal sealed partial class InspectionJson : JsonSerializerContext;
