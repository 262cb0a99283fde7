using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Which table a family's routes stand in, and of which family a table's route is.</summary>
internal static class RouteFamilies
{
    /// <summary>The tables whose routes go to and come from BGP peers. Memberships first: what they say decides what the other side sends.</summary>
    public static ReadOnlySpan<RouteTableKind> BgpTables =>
        [RouteTableKind.Membership, RouteTableKind.Unicast, RouteTableKind.Labelled, RouteTableKind.Vpn];

    /// <summary>The table of the family's routes of BGP peers.</summary>
    public static RouteTableKind TableOf(AddressFamily family) =>
        (family.Afi, family.Safi) switch
        {
            (1 or 2, 1) => RouteTableKind.Unicast,
            (1 or 2, 4) => RouteTableKind.Labelled,
            (1 or 2, 128) => RouteTableKind.Vpn,
            (1, 132) => RouteTableKind.Membership,
            _ => throw new ArgumentException($"There is no table for {family}.", nameof(family)),
        };

    public static AddressFamily Of(RouteTableKind table, RouteKind route) =>
        (table, route) switch
        {
            (RouteTableKind.Membership, _) => AddressFamily.RouteTargetMembership,
            (RouteTableKind.Vpn, RouteKind.Ipv4) => AddressFamily.Vpnv4,
            (RouteTableKind.Vpn, _) => AddressFamily.Vpnv6,
            (RouteTableKind.Labelled, RouteKind.Ipv4) => AddressFamily.LabelledIpv4,
            (RouteTableKind.Labelled, _) => AddressFamily.LabelledIpv6,
            (_, RouteKind.Ipv4) => AddressFamily.Ipv4Unicast,
            _ => AddressFamily.Ipv6Unicast,
        };

    /// <summary>Whether receivers with route target membership get of the table only what they have asked for (RFC 4684 section 6).</summary>
    public static bool IsFilteredByTarget(RouteTableKind table) => table == RouteTableKind.Vpn;
}
