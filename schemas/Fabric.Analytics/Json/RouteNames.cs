using System.Text.Json;

namespace Fabric.Analytics.Json;

/// <summary>Names of members and values of a route's row.</summary>
internal static class RouteNames
{
    public static readonly JsonEncodedText Envelope = Name(RouteEvent.EnvelopeFieldNumber);
    public static readonly JsonEncodedText Change = Name(RouteEvent.ChangeFieldNumber);
    public static readonly JsonEncodedText Table = Name(RouteEvent.TableFieldNumber);
    public static readonly JsonEncodedText Family = Name(RouteEvent.FamilyFieldNumber);
    public static readonly JsonEncodedText Prefix = Name(RouteEvent.PrefixFieldNumber);
    public static readonly JsonEncodedText RouteDistinguisher = Name(RouteEvent.RouteDistinguisherFieldNumber);
    public static readonly JsonEncodedText Peer = Name(RouteEvent.PeerFieldNumber);
    public static readonly JsonEncodedText PeerKind = Name(RouteEvent.PeerKindFieldNumber);
    public static readonly JsonEncodedText PathId = Name(RouteEvent.PathIdFieldNumber);
    public static readonly JsonEncodedText NextHop = Name(RouteEvent.NextHopFieldNumber);
    public static readonly JsonEncodedText Labels = Name(RouteEvent.LabelsFieldNumber);
    public static readonly JsonEncodedText Origin = Name(RouteEvent.OriginFieldNumber);
    public static readonly JsonEncodedText AsPath = Name(RouteEvent.AsPathFieldNumber);
    public static readonly JsonEncodedText LocalPreference = Name(RouteEvent.LocalPreferenceFieldNumber);
    public static readonly JsonEncodedText MultiExitDiscriminator = Name(RouteEvent.MultiExitDiscriminatorFieldNumber);
    public static readonly JsonEncodedText RouteTargets = Name(RouteEvent.RouteTargetsFieldNumber);
    public static readonly JsonEncodedText Communities = Name(RouteEvent.CommunitiesFieldNumber);
    public static readonly JsonEncodedText Encapsulations = Name(RouteEvent.EncapsulationsFieldNumber);
    public static readonly JsonEncodedText Best = Name(RouteEvent.BestFieldNumber);
    public static readonly JsonEncodedText Stale = Name(RouteEvent.StaleFieldNumber);
    public static readonly JsonEncodedText ImportedFrom = Name(RouteEvent.ImportedFromFieldNumber);

    private static readonly JsonEncodedText?[] Changes = SchemaNames.Values(RoutesReflection.Descriptor, "RouteChange");
    private static readonly JsonEncodedText?[] PeerKinds = SchemaNames.Values(RoutesReflection.Descriptor, "PeerKind");

    public static JsonEncodedText? Of(RouteChange value) => Changes[(int)value];

    public static JsonEncodedText? Of(PeerKind value) => PeerKinds[(int)value];

    private static JsonEncodedText Name(int field) => SchemaNames.Name(RouteEvent.Descriptor, field);
}
