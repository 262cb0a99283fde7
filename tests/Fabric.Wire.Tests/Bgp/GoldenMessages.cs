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

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The message without its 19 bytes of header.</summary>
    public static byte[] Body(string hex) => Bytes(hex)[19..];
}
