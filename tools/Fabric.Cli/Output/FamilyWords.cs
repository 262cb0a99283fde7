namespace Fabric.Cli.Output;

/// <summary>The names that FRR's users know an address family by.</summary>
internal static class FamilyWords
{
    public static string Of(string family) =>
        family switch
        {
            "ipv4" => "IPv4 Unicast",
            "ipv6" => "IPv6 Unicast",
            "ipv4-labelled" => "IPv4 Labeled Unicast",
            "ipv6-labelled" => "IPv6 Labeled Unicast",
            "vpnv4" => "IPv4 VPN",
            "vpnv6" => "IPv6 VPN",
            "evpn" => "L2VPN EVPN",
            "rtc" => "Route Target Membership",
            _ => family,
        };
}
