namespace Fabric.Interop.Routes;

/// <summary>Address families, in the order in which they are configured.</summary>
internal enum Family
{
    Ipv4,
    Ipv6,
    LabelledIpv4,
    LabelledIpv6,
    Vpnv4,
    Vpnv6,
    Evpn,
    RouteTargets,
}

internal static class FamilyExtensions
{
    public static bool HasLabel(this Family family) => family is not (Family.Ipv4 or Family.Ipv6 or Family.RouteTargets);

    public static bool HasDistinguisher(this Family family) => family is Family.Vpnv4 or Family.Vpnv6 or Family.Evpn;

    public static bool IsIpv6(this Family family) => family is Family.Ipv6 or Family.LabelledIpv6 or Family.Vpnv6;

    /// <summary>The name of the family in fabric-control's file.</summary>
    public static string InFile(this Family family) =>
        family switch
        {
            Family.LabelledIpv4 => "ipv4-labelled",
            Family.LabelledIpv6 => "ipv6-labelled",
            Family.RouteTargets => "rtc",
            _ => family.ToString().ToLowerInvariant(),
        };
}
