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

    /// <summary>Sent by FRR 8.4 bgpd for "network 10.50.0.0/24 rd 64512:7 label 77" in ipv4 vpn, next hop 10.9.0.2, as an iBGP speaker.</summary>
    public const string FrrUpdate =
        Marker
        + "0051020000003a900e00200001800c00000000000000000a09000200700004d10000fc00000000070a320040010100500200008004040000000040050400000064";

    /// <summary>Sent by GoBGP 3.10 for 10.60.0.0/24, rd 64512:8, rt 64512:100, label 88, next hop 10.9.0.3, as an iBGP speaker.</summary>
    public const string GoBgpUpdate =
        Marker
        + "0053020000003c4001010240020040050400000064800e200001800c00000000000000000a09000300700005810000fc00000000080a3c00c010080002fc0000000064";

    /// <summary>Sent by FRR 8.4 bgpd, 10.9.0.2 in AS 64512, in its first two minutes (R bit).</summary>
    public const string FrrOpen =
        Marker
        + "00620104fc0000b40a090002450206010400010080020280000202020002024600020641040000fc000202060002064504000180010206490402766d0002084006c078000180000209470700018080000000";

    /// <summary>Sent by GoBGP 3.10, 10.9.0.3 in AS 64512, with vpnv4 and rtc.</summary>
    public const string GoBgpOpen =
        Marker
        + "00530104fc00005a0a0900033602340200490402766d0001040001008001040001008441040000fc00400a003c0001800000018400050c000100800002000100840002";

    /// <summary>
    /// Sent by BIRD 2.0.12, 127.0.9.1 in AS 64512, to an external neighbour: customer role, ADD-PATH both ways and IPv6 next hops for vpnv4,
    /// long-lived stale time of a day.
    /// </summary>
    public const string BirdOpen =
        Marker
        + "00510104fc0000f07f00090134023201040001008002000506000100800002090103400600780001800041040000fc004504000180034600470700018000015180";

    public static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The message without its 19 bytes of header.</summary>
    public static byte[] Body(string hex) => Bytes(hex)[19..];
}
