namespace Fabric.Wire.Bgp;

/// <summary>Which flags an attribute must have (RFC 4271 section 5 and the extensions' RFCs).</summary>
internal static class AttributeKinds
{
    private const AttributeFlags WellKnown = AttributeFlags.Transitive;
    private const AttributeFlags OptionalTransitive = AttributeFlags.Optional | AttributeFlags.Transitive;

    /// <summary>The optional and transitive bits; null for an unknown attribute, which may have any.</summary>
    public static AttributeFlags? Of(AttributeType type) =>
        type switch
        {
            AttributeType.Origin
            or AttributeType.AsPath
            or AttributeType.NextHop
            or AttributeType.LocalPref
            or AttributeType.AtomicAggregate => WellKnown,
            AttributeType.MultiExitDisc
            or AttributeType.OriginatorId
            or AttributeType.ClusterList
            or AttributeType.MpReachNlri
            or AttributeType.MpUnreachNlri => AttributeFlags.Optional,
            AttributeType.Aggregator
            or AttributeType.Communities
            or AttributeType.ExtendedCommunities
            or AttributeType.As4Path
            or AttributeType.As4Aggregator
            or AttributeType.PmsiTunnel
            or AttributeType.TunnelEncapsulation
            or AttributeType.Ipv6ExtendedCommunities
            or AttributeType.LargeCommunities
            or AttributeType.OnlyToCustomer
            or AttributeType.PrefixSid => OptionalTransitive,
            _ => null,
        };

    /// <summary>
    /// Whether the partial bit of the attribute goes on with it. AS4_PATH and AS4_AGGREGATOR come from speakers that do not know them and go no
    /// farther: what they say becomes part of other attributes (RFC 6793 section 4.2.3).
    /// </summary>
    public static bool CanBePartial(AttributeType type) =>
        Of(type) == OptionalTransitive && type is not (AttributeType.As4Path or AttributeType.As4Aggregator);
}
