namespace Fabric.Wire.Tests.Bgp;

/// <summary>Messages made or sent by other implementations; each says by which.</summary>
internal static class GoldenMessages
{
    private const string Marker = "ffffffffffffffffffffffffffffffff";

    /// <summary>scapy 2.5 contrib.bgp: BGPOpen(my_as=23456, hold_time=90, bgp_id="192.0.2.1") with five parameters of one capability each.</summary>
    public const string Open =
        Marker + "0043 01 045ba0005ac0000201 26 020601040001008002060104000100840202020002064104fa56ea010208 40 06 8078 0001 80 80";

    /// <summary>scapy 2.5 contrib.bgp: BGPRouteRefresh(afi=1, safi=128).</summary>
    public const string RouteRefresh = Marker + "0017 05 00010080";

    /// <summary>scapy 2.5 contrib.bgp: BGPNotification(error_code=6, error_subcode=4).</summary>
    public const string Notification = Marker + "0015 03 0604";

    /// <summary>
    /// scapy 2.5 contrib.bgp: withdraws 198.51.100.0/24; 10.1.0.0/16 and 10.2.3.4/32 with IGP origin, path 64512 4200000001 in four octets,
    /// next hop 192.0.2.1, MED 50, local preference 200 and the community NO_EXPORT.
    /// </summary>
    public const string Ipv4Update =
        Marker
        + "0050 02 0004 18c63364 002d 40010100 40020a0202 0000fc00 fa56ea01 400304c0000201 80040400000032 400504000000c8 c00804ffffff01 100a01 200a020304";

    /// <summary>
    /// Laid out with Python's struct, and read by tshark 4.0 as: 192.0.2.9:1:10.1.0.3/32 label 25 and 10.1.0.0/24 label 26, next hop 192.0.2.9,
    /// local preference 100, route target 64512:8000001, encapsulation GRE.
    /// </summary>
    public const string Vpnv4Update =
        Marker
        + "006c 02 0000 0055 900e0030 0001 80 0c 0000000000000000c0000209 00 78 000191 0001c00002090001 0a010003"
        + "70 0001a1 0001c00002090001 0a0100 40010100 400200 400504 00000064 c01010 0002fc00007a1201 030c000000000002";

    /// <summary>Laid out with Python's struct, and read by tshark 4.0 as: 64512:64512:8000001 and the wildcard, next hop 192.0.2.9, local preference 100.</summary>
    public const string MembershipUpdate =
        Marker + "0040 02 0000 0029 900e0017 0001 84 04 c0000209 00 60 0000fc00 0002fc00007a1201 00 40010100 400200 400504 00000064";

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The message without its 19 bytes of header.</summary>
    public static byte[] Body(string hex) => Bytes(hex)[19..];
}
