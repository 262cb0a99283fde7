namespace Fabric.Primitives;

/// <summary>
/// An extended community (RFC 4360), kept as its eight bytes in network order:
/// <code>| type (1) | subtype (1) | value (6) |</code>
/// Bit 0x40 of the type marks it non-transitive over AS borders.
/// </summary>
public readonly record struct ExtendedCommunity(ulong Value) : IComparable<ExtendedCommunity>
{
    public byte Type => (byte)(Value >> 56);

    public byte Subtype => (byte)(Value >> 48);

    public bool IsTransitive => (Type & 0x40) == 0;

    /// <summary>Route target in any of its three forms (RFC 4360 section 4, RFC 5668).</summary>
    public bool IsRouteTarget => Type is 0x00 or 0x01 or 0x02 && Subtype == 0x02;

    /// <summary>ES-Import (RFC 7432 section 7.6), by which Ethernet segment routes find the speakers of their segment; asked for like a route target.</summary>
    public bool IsSegmentImport => Type == 0x06 && Subtype == 0x02;

    /// <summary>Encapsulation (RFC 9012 section 4.1): the tunnel type is in the last two bytes.</summary>
    public bool IsEncapsulation => Type == 0x03 && Subtype == 0x0C;

    public static ExtendedCommunity Encapsulation(ushort tunnelType) => new(0x030C_0000_0000_0000UL | tunnelType);

    /// <summary>Groups from here on are those of their AS alone.</summary>
    private const uint FirstOwnSecurityGroup = 8_000_000;

    /// <summary>Security group of a two-octet AS (private, 0x8004): AS number and 32-bit group id.</summary>
    public static ExtendedCommunity SecurityGroup(ushort asNumber, uint id) => new(0x8004_0000_0000_0000UL | (ulong)asNumber << 32 | id);

    public bool IsSecurityGroup => Type == 0x80 && Subtype == 0x04;

    /// <summary>
    /// Whether it names a group that counts in an AS: one of that AS, or one of those below 8,000,000, which Tungsten Fabric shares over clusters.
    /// </summary>
    public bool IsSecurityGroupOf(ushort asNumber) =>
        IsSecurityGroup && ((ushort)(Value >> 32) == asNumber || LocalValue is > 0 and < FirstOwnSecurityGroup);

    /// <summary>Origin virtual network (private, 0x8071): AS number and 32-bit network index.</summary>
    public bool IsOriginNetwork => Type == 0x80 && Subtype == 0x71;

    /// <summary>MAC mobility (RFC 7432 section 7.7): sticky flag and sequence number.</summary>
    public static ExtendedCommunity MacMobility(bool sticky, uint sequence) =>
        new(0x0600_0000_0000_0000UL | (sticky ? 1UL << 40 : 0) | sequence);

    public bool IsMacMobility => Type == 0x06 && Subtype == 0x00;

    /// <summary>EVPN Router's MAC (RFC 9135 section 8.1): an inner destination address, by which a prefix may be resolved (RFC 9136 section 3.2).</summary>
    public bool IsRouterMac => Type == 0x06 && Subtype == 0x03;

    /// <summary>The last four bytes: group id, network index, sequence number.</summary>
    public uint LocalValue => (uint)Value;

    public int CompareTo(ExtendedCommunity other) => Value.CompareTo(other.Value);

    public static bool operator <(ExtendedCommunity left, ExtendedCommunity right) => left.Value < right.Value;

    public static bool operator >(ExtendedCommunity left, ExtendedCommunity right) => left.Value > right.Value;

    public static bool operator <=(ExtendedCommunity left, ExtendedCommunity right) => left.Value <= right.Value;

    public static bool operator >=(ExtendedCommunity left, ExtendedCommunity right) => left.Value >= right.Value;

    public override string ToString() =>
        this switch
        {
            { IsRouteTarget: true } => new RouteTarget(Value).ToString(),
            { IsEncapsulation: true } => $"encapsulation:{(ushort)Value}",
            { IsSecurityGroup: true } => $"security-group:{(ushort)(Value >> 32)}:{LocalValue}",
            { IsOriginNetwork: true } => $"origin-network:{(ushort)(Value >> 32)}:{LocalValue}",
            { IsMacMobility: true } => $"mac-mobility:{LocalValue}",
            _ => $"0x{Value:x16}",
        };
}
