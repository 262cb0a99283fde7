using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Which table a family's routes stand in, and of which family a table's route is.</summary>
internal static class RouteFamilies
{
    /// <summary>The tables whose routes go to and come from BGP peers. Memberships first: what they say decides what the other side sends.</summary>
    public static ReadOnlySpan<RouteTableKind> BgpTables =>
        [RouteTableKind.Membership, RouteTableKind.Unicast, RouteTableKind.Labelled, RouteTableKind.Vpn, RouteTableKind.Evpn];

    /// <summary>The table of the family's routes of BGP peers.</summary>
    public static RouteTableKind TableOf(AddressFamily family) =>
        (family.Afi, family.Safi) switch
        {
            (1 or 2, 1) => RouteTableKind.Unicast,
            (1 or 2, 4) => RouteTableKind.Labelled,
            (1 or 2, 128) => RouteTableKind.Vpn,
            (1, 132) => RouteTableKind.Membership,
            (25, 70) => RouteTableKind.Evpn,
            _ => throw new ArgumentException($"There is no table for {family}.", nameof(family)),
        };

    public static AddressFamily Of(RouteTableKind table, RouteKind route) =>
        (table, route) switch
        {
            (RouteTableKind.Membership, _) => AddressFamily.RouteTargetMembership,
            (RouteTableKind.Evpn or RouteTableKind.VrfEvpn, _) => AddressFamily.L2VpnEvpn,
            (RouteTableKind.Vpn, RouteKind.Ipv4) => AddressFamily.Vpnv4,
            (RouteTableKind.Vpn, _) => AddressFamily.Vpnv6,
            (RouteTableKind.Labelled, RouteKind.Ipv4) => AddressFamily.LabelledIpv4,
            (RouteTableKind.Labelled, _) => AddressFamily.LabelledIpv6,
            (_, RouteKind.Ipv4) => AddressFamily.Ipv4Unicast,
            _ => AddressFamily.Ipv6Unicast,
        };

    /// <summary>Whether its routes are those of their table with a prefix of IPv4.</summary>
    public static bool IsIpv4(AddressFamily family) => family.Afi == 1 && family != AddressFamily.RouteTargetMembership;

    /// <summary>Whether its routes go into VRFs, and to peers that asked for them (RFC 4684 section 6), by route target.</summary>
    public static bool HasRouteTargets(RouteTableKind table) => table is RouteTableKind.Vpn or RouteTableKind.Evpn;
}
