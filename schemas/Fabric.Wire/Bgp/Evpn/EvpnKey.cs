using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// What tells two EVPN routes apart (RFC 7432 sections 7.1 to 7.4, RFC 9136 section 3.1), in 48 bytes and without allocation:
/// <code>
/// 1 Ethernet A-D:         RD, Ethernet segment, Ethernet tag
/// 2 MAC/IP:               RD, Ethernet tag, MAC, IP or none
/// 3 inclusive multicast:  RD, Ethernet tag, originator
/// 4 Ethernet segment:     RD, Ethernet segment, originator
/// 5 IP prefix:            RD, Ethernet tag, prefix
/// other:                  the whole value
/// </code>
/// Members that a type does not have are their defaults.
/// </summary>
public readonly record struct EvpnKey
{
    // Length and kind of the address share a byte: 0 is no address, 1 to 129 IPv6 of 0 to 128 bits, 130 to 162 IPv4 of 0 to 32 bits.
    private const byte Ipv6Form = 1;
    private const byte Ipv4Form = 130;

    private readonly ulong _rd;
    private readonly ulong _segmentTailOrMac;
    private readonly ulong _addressHigh;
    private readonly ulong _addressLow;
    private readonly EquatableArray<byte> _opaque;
    private readonly uint _tag;
    private readonly ushort _segmentHead;
    private readonly EvpnRouteType _type;
    private readonly byte _addressForm;

    private EvpnKey(
        EvpnRouteType type,
        RouteDistinguisher rd,
        EthernetSegmentId segment = default,
        uint tag = 0,
        ulong mac = 0,
        IpAddress address = default,
        int length = 0,
        EquatableArray<byte> opaque = default
    )
    {
        _type = type;
        _rd = rd.Value;
        _segmentHead = segment.Head;
        _segmentTailOrMac = segment.Tail | mac;
        _tag = tag;
        _opaque = opaque;
        if (!address.IsNone)
        {
            _addressHigh = (ulong)(address.Bits >> 64);
            _addressLow = (ulong)address.Bits;
            _addressForm = (byte)((address.IsIpv4 ? Ipv4Form : Ipv6Form) + length);
        }
    }

    public EvpnRouteType Type => _type;

    /// <summary>Whether the type is one of 1 to 5, whose members are known.</summary>
    public bool IsRecognized => IsKnown(_type);

    public RouteDistinguisher Rd => new(_rd);

    public EthernetSegmentId Segment => _type == EvpnRouteType.MacIpAdvertisement ? default : new(_segmentHead, _segmentTailOrMac);

    public uint EthernetTag => _tag;

    public MacAddress Mac => _type == EvpnRouteType.MacIpAdvertisement ? new(_segmentTailOrMac) : default;

    /// <summary>The IP address of type 2, the originator of types 3 and 4, the network of type 5; none where there is none.</summary>
    public IpAddress Address =>
        _addressForm switch
        {
            0 => default,
            < Ipv4Form => IpAddress.FromIpv6(new UInt128(_addressHigh, _addressLow)),
            _ => IpAddress.FromIpv4((uint)_addressLow),
        };

    /// <summary>Bits of <see cref="Address"/> that count: the prefix's length in type 5, else all.</summary>
    public byte AddressBits =>
        _addressForm switch
        {
            0 => 0,
            < Ipv4Form => (byte)(_addressForm - Ipv6Form),
            _ => (byte)(_addressForm - Ipv4Form),
        };

    /// <summary>The prefix of type 5.</summary>
    public IpPrefix Prefix => new(Address, AddressBits);

    /// <summary>The value of another type as it came; it may lack the distinguisher.</summary>
    public EquatableArray<byte> Opaque => _opaque;

    public static EvpnKey EthernetAutoDiscovery(RouteDistinguisher rd, EthernetSegmentId segment, uint ethernetTag) =>
        new(EvpnRouteType.EthernetAutoDiscovery, rd, segment, ethernetTag);

    /// <summary>Type 2; <paramref name="ip"/> may be none.</summary>
    public static EvpnKey MacIp(RouteDistinguisher rd, uint ethernetTag, MacAddress mac, IpAddress ip) =>
        new(EvpnRouteType.MacIpAdvertisement, rd, tag: ethernetTag, mac: mac.Value, address: ip, length: HostBits(ip));

    public static EvpnKey InclusiveMulticast(RouteDistinguisher rd, uint ethernetTag, IpAddress originator) =>
        new(EvpnRouteType.InclusiveMulticast, rd, tag: ethernetTag, address: originator, length: HostBits(originator));

    public static EvpnKey EthernetSegment(RouteDistinguisher rd, EthernetSegmentId segment, IpAddress originator) =>
        new(EvpnRouteType.EthernetSegment, rd, segment, address: originator, length: HostBits(originator));

    public static EvpnKey IpPrefix(RouteDistinguisher rd, uint ethernetTag, IpPrefix prefix) =>
        new(EvpnRouteType.IpPrefixRoute, rd, tag: ethernetTag, address: prefix.Address, length: prefix.Length);

    /// <summary>A route of a type that is not read.</summary>
    internal static EvpnKey Unrecognized(EvpnRouteType type, ReadOnlySpan<byte> value) =>
        new(
            type,
            value.Length >= RouteDistinguisher.ByteCount ? RouteDistinguisher.Read(value) : default,
            opaque: EquatableArray.Create(value)
        );

    internal static bool IsKnown(EvpnRouteType type) => type is >= EvpnRouteType.EthernetAutoDiscovery and <= EvpnRouteType.IpPrefixRoute;

    public override string ToString() =>
        _type switch
        {
            EvpnRouteType.EthernetAutoDiscovery => $"{Rd}:[1]:[{EthernetTag}]:[{Segment}]",
            EvpnRouteType.MacIpAdvertisement when _addressForm == 0 => $"{Rd}:[2]:[{EthernetTag}]:[48]:[{Mac}]",
            EvpnRouteType.MacIpAdvertisement => $"{Rd}:[2]:[{EthernetTag}]:[48]:[{Mac}]:[{AddressBits}]:[{Address}]",
            EvpnRouteType.InclusiveMulticast => $"{Rd}:[3]:[{EthernetTag}]:[{AddressBits}]:[{Address}]",
            EvpnRouteType.EthernetSegment => $"{Rd}:[4]:[{Segment}]:[{AddressBits}]:[{Address}]",
            EvpnRouteType.IpPrefixRoute => $"{Rd}:[5]:[{EthernetTag}]:[{AddressBits}]:[{Address}]",
            _ => $"[{(byte)_type}]:[{Convert.ToHexStringLower(_opaque.AsSpan())}]",
        };

    private static int HostBits(IpAddress address) => address.IsNone ? 0 : Primitives.IpPrefix.MaxLength(address.Kind);
}
