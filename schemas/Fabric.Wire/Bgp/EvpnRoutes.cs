using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// EVPN type 2 (RFC 7432 section 7.2):
/// <code>
/// | RD (8) | ESI (10) | Ethernet tag (4) | 48 (1) | MAC (6) | IP length in bits (1) | IP (0, 4, 16) | label (3) | second label (0, 3) |
/// </code>
/// Labels are the three octets as a number: a label in the upper 20 bits for MPLS, a VNI of 24 bits for VXLAN.
/// </summary>
public readonly record struct EvpnMacIpAdvertisement(
    RouteDistinguisher Rd,
    uint EthernetTag,
    MacAddress Mac,
    IpAddress Ip,
    uint LabelField,
    uint? SecondLabelField
)
{
    private const int MacLengthAt = 22;
    private const int IpLengthAt = 29;
    private const int IpAt = 30;

    public static bool TryRead(ReadOnlySpan<byte> value, out EvpnMacIpAdvertisement route)
    {
        route = default;
        if (value.Length < IpAt || value[MacLengthAt] != 48 || value[IpLengthAt] is not (0 or 32 or 128))
        {
            return false;
        }

        var ipBytes = value[IpLengthAt] / 8;
        var labels = value.Length - IpAt - ipBytes;
        if (labels is not (Bgp.LabelField.ByteCount or 2 * Bgp.LabelField.ByteCount))
        {
            return false;
        }

        route = new(
            RouteDistinguisher.Read(value),
            BinaryPrimitives.ReadUInt32BigEndian(value[18..]),
            MacAddress.Read(value[(MacLengthAt + 1)..]),
            ipBytes == 0 ? default : IpAddress.Read(value.Slice(IpAt, ipBytes)),
            Bgp.LabelField.Raw(value[(IpAt + ipBytes)..]),
            labels > Bgp.LabelField.ByteCount ? Bgp.LabelField.Raw(value[^Bgp.LabelField.ByteCount..]) : null
        );
        return true;
    }
}

/// <summary>EVPN type 3 (RFC 7432 section 7.3): <code>| RD (8) | Ethernet tag (4) | IP length in bits (1) | originator's IP (4, 16) |</code></summary>
public readonly record struct EvpnInclusiveMulticast(RouteDistinguisher Rd, uint EthernetTag, IpAddress Originator)
{
    private const int IpAt = 13;

    public static bool TryRead(ReadOnlySpan<byte> value, out EvpnInclusiveMulticast route)
    {
        route = default;
        if (value.Length < IpAt || value[IpAt - 1] is not (32 or 128) || value.Length != IpAt + value[IpAt - 1] / 8)
        {
            return false;
        }

        route = new(RouteDistinguisher.Read(value), BinaryPrimitives.ReadUInt32BigEndian(value[8..]), IpAddress.Read(value[IpAt..]));
        return true;
    }
}

/// <summary>
/// EVPN type 5 (RFC 9136 section 3.1):
/// <code>
/// | RD (8) | ESI (10) | Ethernet tag (4) | prefix length in bits (1) | prefix (4, 16) | gateway (4, 16) | label (3) |
/// </code>
/// </summary>
public readonly record struct EvpnIpPrefixRoute(
    RouteDistinguisher Rd,
    uint EthernetTag,
    IpPrefix Prefix,
    IpAddress Gateway,
    uint LabelField
)
{
    private const int PrefixLengthAt = 22;
    private const int PrefixAt = 23;
    private const int Ipv4Bytes = 34;
    private const int Ipv6Bytes = 58;

    public static bool TryRead(ReadOnlySpan<byte> value, out EvpnIpPrefixRoute route)
    {
        route = default;
        if (value.Length is not (Ipv4Bytes or Ipv6Bytes))
        {
            return false;
        }

        var addressBytes = value.Length == Ipv4Bytes ? 4 : 16;
        if (value[PrefixLengthAt] > 8 * addressBytes)
        {
            return false;
        }

        route = new(
            RouteDistinguisher.Read(value),
            BinaryPrimitives.ReadUInt32BigEndian(value[18..]),
            new IpPrefix(IpAddress.Read(value.Slice(PrefixAt, addressBytes)), value[PrefixLengthAt]),
            IpAddress.Read(value.Slice(PrefixAt + addressBytes, addressBytes)),
            Bgp.LabelField.Raw(value[^Bgp.LabelField.ByteCount..])
        );
        return true;
    }
}
