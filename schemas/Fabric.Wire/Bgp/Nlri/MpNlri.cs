using System.Buffers.Binary;
using Fabric.Primitives;

namespace Fabric.Wire.Bgp;

/// <summary>
/// MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760 sections 3 and 4):
/// <code>
/// reach:    | AFI (2) | SAFI (1) | next hop's length (1) | next hop | 0 (1) | NLRI |
/// unreach:  | AFI (2) | SAFI (1) | NLRI |
/// </code>
/// The next hop of a VPN family has a route distinguisher of zeros before each address (RFC 4364 section 4.3.2); a link-local
/// address behind a global one (RFC 2545 section 3) is not used.
/// </summary>
internal readonly ref struct MpNlri
{
    private const int FamilyBytes = 3;

    private MpNlri(AddressFamily family, ReadOnlySpan<byte> nextHop, ReadOnlySpan<byte> nlri)
    {
        Family = family;
        NextHop = nextHop;
        Nlri = nlri;
    }

    public AddressFamily Family { get; }

    /// <summary>The next hop field as it came.</summary>
    public ReadOnlySpan<byte> NextHop { get; }

    public ReadOnlySpan<byte> Nlri { get; }

    public static bool TryReadUnreach(ReadOnlySpan<byte> value, out MpNlri unreach)
    {
        unreach = default;
        if (value.Length < FamilyBytes)
        {
            return false;
        }

        unreach = new(ReadFamily(value), default, value[FamilyBytes..]);
        return true;
    }

    public static bool TryReadReach(ReadOnlySpan<byte> value, out MpNlri reach)
    {
        reach = default;
        if (value.Length < FamilyBytes + 2 || FamilyBytes + 2 + value[FamilyBytes] > value.Length)
        {
            return false;
        }

        var nextHop = value.Slice(FamilyBytes + 1, value[FamilyBytes]);
        reach = new(ReadFamily(value), nextHop, value[(FamilyBytes + 2 + nextHop.Length)..]);
        return true;
    }

    /// <summary>
    /// Whether a next hop field has a length that the family knows, in octets, of VPN families with their distinguishers:
    /// <code>
    /// ipv4, ipv4-labelled   4; 16 and 32 where it was agreed on IPv6 next hops     RFC 4760, RFC 8950 section 3
    /// vpnv4                 12; 24 and 48 where it was agreed on                   RFC 4364 section 4.3.2, RFC 8950 section 3
    /// ipv6, ipv6-labelled   16, 32                                                 RFC 2545 section 3
    /// vpnv6                 24, 48                                                 RFC 4659 section 3.2.1
    /// evpn, rtc             4, 16                                                  RFC 7432 section 5, RFC 4684 section 5
    /// </code>
    /// </summary>
    public static bool HasNextHopLength(int length, AddressFamily family, bool allowsIpv6)
    {
        var isVpn = IsVpn(family);
        var isShort = length == (isVpn ? 12 : 4);
        var isLong = length == (isVpn ? 24 : 16);
        var isPair = length == (isVpn ? 48 : 32);
        return family.HasIpv4Routes ? isShort || allowsIpv6 && (isLong || isPair)
            : family.Afi == 2 ? isLong || isPair
            : isShort || isLong;
    }

    /// <summary>The address in a next hop field, the global one of a pair; false when its length fits no form.</summary>
    public static bool TryReadNextHop(ReadOnlySpan<byte> field, bool isVpn, out IpAddress nextHop)
    {
        nextHop = default;

        // Half of a pair is an address, of VPN families with its distinguisher.
        var one = field.Length > 24 ? field[..(field.Length / 2)] : field;
        var address = isVpn ? one[Math.Min(one.Length, RouteDistinguisher.ByteCount)..] : one;
        if (address.Length is not (4 or 16))
        {
            return false;
        }

        nextHop = IpAddress.Read(address);
        return true;
    }

    public static bool IsVpn(AddressFamily family) => family.Safi == AddressFamily.Vpnv4.Safi;

    /// <summary>Whether packets go to the next hop of its routes: not those of memberships.</summary>
    public static bool NeedsHost(AddressFamily family) => family != AddressFamily.RouteTargetMembership;

    private static AddressFamily ReadFamily(ReadOnlySpan<byte> value) => new(BinaryPrimitives.ReadUInt16BigEndian(value), value[2]);
}
