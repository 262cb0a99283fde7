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

    /// <summary>The address in a next hop field; false when its length fits no form.</summary>
    public static bool TryReadNextHop(ReadOnlySpan<byte> field, bool isVpn, out IpAddress nextHop)
    {
        nextHop = default;
        var address = isVpn && field.Length >= RouteDistinguisher.ByteCount ? field[RouteDistinguisher.ByteCount..] : field;
        var isPair = isVpn ? field.Length == 48 : field.Length == 32;
        if (isPair)
        {
            address = address[..16];
        }

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
