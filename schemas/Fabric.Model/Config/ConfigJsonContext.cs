using System.Text.Json.Serialization;

namespace Fabric.Model.Config;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    NumberHandling = JsonNumberHandling.Strict,
    Converters = [
        typeof(IpAddressJsonConverter),
        typeof(IpPrefixJsonConverter),
        typeof(MacAddressJsonConverter),
        typeof(RouteTargetJsonConverter),
        typeof(BgpIdentifierJsonConverter),
        typeof(AddressFamilyJsonConverter),
        typeof(BgpRoleJsonConverter),
        typeof(NextHopRuleJsonConverter),
        typeof(PrivateAsRemovalJsonConverter),
        typeof(TunnelEncapsulationRuleJsonConverter),
        typeof(CommunityKindsJsonConverter),
        typeof(SecretJsonConverter),
        typeof(EquatableArrayJsonConverter<Primitives.IpAddress>),
        typeof(EquatableArrayJsonConverter<Primitives.RouteTarget>),
        typeof(EquatableArrayJsonConverter<Primitives.AddressFamily>),
        typeof(EquatableArrayJsonConverter<string>),
        typeof(EquatableArrayJsonConverter<Primitives.CommunityKinds>),
        typeof(EquatableArrayJsonConverter<AddPathKeys>),
        typeof(EquatableArrayJsonConverter<PrefixLimitKeys>),
        typeof(EquatableArrayJsonConverter<FamilyStaleTimeKeys>),
        typeof(EquatableArrayJsonConverter<HostRoute>),
        typeof(EquatableArrayJsonConverter<SecurityGroupRule>),
    ]
)]
[JsonSerializable(typeof(GlobalConfig))]
[JsonSerializable(typeof(VirtualNetwork))]
[JsonSerializable(typeof(Subnet))]
[JsonSerializable(typeof(SecurityGroup))]
[JsonSerializable(typeof(Port))]
[JsonSerializable(typeof(NetworkConnection))]
[JsonSerializable(typeof(BgpRouter))]
internal sealed partial class ConfigJsonContext : JsonSerializerContext;
