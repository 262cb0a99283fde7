namespace Fabric.FlowExport.Ipfix;

/// <summary>
/// A template record (RFC 7011 section 3.4.1): identifier, number of fields, and for each field its element and its octets. There is one for each of IPv4 and IPv6, ports and
/// ICMP, with and without translated addresses, of one way and of both.
/// </summary>
internal sealed class IpfixTemplate
{
    /// <summary>A field with a length before its text (RFC 7011 section 7).</summary>
    public const ushort VariableLength = ushort.MaxValue;

    // Identifiers below are those of sets (RFC 7011 section 3.3.2).
    private const ushort FirstId = 256;

    // RFC 5103 section 6.1: elements of the way back have the number of the forward one, of this enterprise.
    private const uint ReverseEnterprise = 29305;
    private const int EnterpriseBit = 0x8000;

    private const int Ipv6 = 1;
    private const int Icmp = 2;
    private const int Translated = 4;
    private const int BothWays = 8;

    private IpfixTemplate(int kind)
    {
        Id = (ushort)(FirstId + kind);
        Fields = [.. FieldsOf((kind & Ipv6) != 0, (kind & Icmp) != 0, (kind & Translated) != 0, (kind & BothWays) != 0)];
    }

    /// <summary>Of records of one way, in the order of their identifiers.</summary>
    public static IReadOnlyList<IpfixTemplate> Uniflows { get; } =
    [.. Enumerable.Range(0, BothWays).Select(kind => new IpfixTemplate(kind))];

    /// <summary>Of records of both ways (RFC 5103), in the order of their identifiers.</summary>
    public static IReadOnlyList<IpfixTemplate> Biflows { get; } =
    [.. Enumerable.Range(BothWays, BothWays).Select(kind => new IpfixTemplate(kind))];

    public ushort Id { get; }

    public IpfixField[] Fields { get; }

    /// <param name="templates"><see cref="Uniflows"/> or <see cref="Biflows"/>.</param>
    public static IpfixTemplate Of(IReadOnlyList<IpfixTemplate> templates, in Uniflow flow) =>
        templates[(flow.IsIpv6 ? Ipv6 : 0) + (flow.IsIcmp ? Icmp : 0) + (flow.IsTranslated ? Translated : 0)];

    public void Write(ref OctetWriter writer)
    {
        writer.UInt16(Id);
        writer.UInt16((ushort)Fields.Length);
        foreach (var field in Fields)
        {
            writer.UInt16((ushort)((ushort)field.Element | (field.IsReverse ? EnterpriseBit : 0)));
            writer.UInt16(field.Length);
            if (field.IsReverse)
            {
                writer.UInt32(ReverseEnterprise);
            }
        }
    }

    private static IEnumerable<IpfixField> FieldsOf(bool isIpv6, bool isIcmp, bool isTranslated, bool isBothWays) =>
        [
            new(InformationElement.FlowStartMilliseconds, 8),
            new(InformationElement.FlowEndMilliseconds, 8),
            .. isIpv6 ? Ipv6Ends : Ipv4Ends,
            new(InformationElement.ProtocolIdentifier, 1),
            .. isIcmp ? [new(isIpv6 ? InformationElement.IcmpTypeCodeIPv6 : InformationElement.IcmpTypeCodeIPv4, 2)] : Ports,
            .. isTranslated ? (isIpv6 ? Ipv6Translation : Ipv4Translation) : [],
            new(InformationElement.OctetDeltaCount, 8),
            new(InformationElement.PacketDeltaCount, 8),
            .. isBothWays ? ReverseCounts : [],
            new(InformationElement.DeltaFlowCount, 4),
            new(InformationElement.FlowId, 8),
            new(InformationElement.FlowEndReason, 1),
            new(InformationElement.BiflowDirection, 1),
            new(InformationElement.FirewallEvent, 1),
            new(InformationElement.ForwardingStatus, 1),
            new(InformationElement.VrfName, VariableLength),
            new(InformationElement.VirtualStationName, VariableLength),
            new(InformationElement.VirtualStationName, VariableLength),
        ];

    private static IpfixField[] Ipv4Ends =>
        [
            new(InformationElement.SourceIPv4Address, 4),
            new(InformationElement.DestinationIPv4Address, 4),
            new(InformationElement.SourceIPv4PrefixLength, 1),
            new(InformationElement.DestinationIPv4PrefixLength, 1),
        ];

    private static IpfixField[] Ipv6Ends =>
        [
            new(InformationElement.SourceIPv6Address, 16),
            new(InformationElement.DestinationIPv6Address, 16),
            new(InformationElement.SourceIPv6PrefixLength, 1),
            new(InformationElement.DestinationIPv6PrefixLength, 1),
        ];

    private static IpfixField[] ReverseCounts =>
        [new(InformationElement.OctetDeltaCount, 8, IsReverse: true), new(InformationElement.PacketDeltaCount, 8, IsReverse: true)];

    private static IpfixField[] Ports =>
        [new(InformationElement.SourceTransportPort, 2), new(InformationElement.DestinationTransportPort, 2)];

    private static IpfixField[] Ipv4Translation =>
        [new(InformationElement.PostNatSourceIPv4Address, 4), new(InformationElement.PostNatDestinationIPv4Address, 4), .. TranslatedPorts];

    private static IpfixField[] Ipv6Translation =>
        [
            new(InformationElement.PostNatSourceIPv6Address, 16),
            new(InformationElement.PostNatDestinationIPv6Address, 16),
            .. TranslatedPorts,
        ];

    private static IpfixField[] TranslatedPorts =>
        [new(InformationElement.PostNaptSourceTransportPort, 2), new(InformationElement.PostNaptDestinationTransportPort, 2)];
}

/// <summary>A field of a template's records: what it is, and its octets.</summary>
/// <param name="IsReverse">It is that of the way back (RFC 5103).</param>
internal readonly record struct IpfixField(InformationElement Element, ushort Length, bool IsReverse = false);
