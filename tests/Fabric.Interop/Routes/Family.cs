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

    /// <summary>Its AFI, two octets in hexadecimal digits (RFC 4760 section 3).</summary>
    public static string AfiInHex(this Family family) =>
        family == Family.Evpn ? "0019"
        : family.IsIpv6() ? "0002"
        : "0001";

    /// <summary>Its SAFI, one octet in hexadecimal digits (RFC 4760, RFC 8277, RFC 4364, RFC 7432, RFC 4684).</summary>
    public static string SafiInHex(this Family family) =>
        family switch
        {
            Family.LabelledIpv4 or Family.LabelledIpv6 => "04",
            Family.Vpnv4 or Family.Vpnv6 => "80",
            Family.Evpn => "46",
            Family.RouteTargets => "84",
            _ => "01",
        };

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
