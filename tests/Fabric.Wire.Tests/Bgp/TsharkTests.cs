using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>What is written of each family, form of NLRI and attribute, as tshark reads it.</summary>
public sealed class TsharkTests
{
    private static readonly UpdateEncoding Encoding = new(fourOctetAs: true, extendedMessages: false);
    private static readonly RouteDistinguisher Rd = RouteDistinguisher.Parse("64512:7");
    private static readonly EthernetSegmentId Segment = EthernetSegmentId.Read(GoldenMessages.Bytes("00112233445566778899"));
    private static readonly MacAddress Mac = MacAddress.Parse("02:00:00:00:00:01");
    private static readonly PathAttributes OverIpv4 = new() { NextHop = IpAddress.Parse("192.0.2.9") };
    private static readonly PathAttributes OverIpv6 = new() { NextHop = IpAddress.Parse("2001:db8::9") };

    private static readonly PathAttributes All = OverIpv4 with
    {
        Origin = Origin.Incomplete,
        AsPath = new([
            new(AsPathSegmentType.Sequence, [new AsNumber(64513), new AsNumber(4200000001)]),
            new(AsPathSegmentType.Set, [new AsNumber(64514)]),
        ]),
        MultiExitDisc = 50,
        LocalPref = 200,
        AtomicAggregate = true,
        Aggregator = new(new AsNumber(4200000002), IpAddress.Parse("192.0.2.8")),
        Communities = [0xFC00_0064, 0xFFFF_FF01],
        OriginatorId = BgpIdentifier.Parse("192.0.2.7"),
        ClusterList = [0xC0000206, 0xC0000205],
        ExtendedCommunities = [RouteTarget.Parse("64512:100").Community, ExtendedCommunity.Encapsulation(8)],
        LargeCommunities = [new(64512, 1, 2)],
        PmsiTunnel = new(0, 6, 0x191, [192, 0, 2, 9]),
        TunnelEncapsulation = [0, 8, 0, 12, 0x06, 10, 0, 0, 0, 0, 0, 1, 10, 7, 9, 9],
        OnlyToCustomer = new AsNumber(64515),
        PrefixSid = [1, 0, 7, 0, 0, 0, 0, 0, 0, 100],
    };

    private static readonly (string Name, byte[] Message, string[] Meant)[] Cases =
    [
        (
            "ipv4",
            Advertise(AddressFamily.Ipv4Unicast, OverIpv4, [Ip("10.1.0.0/16"), Ip("0.0.0.0/0")]),
            ["update.path_attribute.next_hop=192.0.2.9", "=10.1.0.0/16", "=0.0.0.0/0"]
        ),
        (
            "all attributes",
            Advertise(AddressFamily.Ipv4Unicast, All, [Ip("10.1.0.0/16")]),
            [
                "update.path_attribute.origin=2",
                "update.path_attribute.as_path_segment.type=2",
                "update.path_attribute.as_path_segment.as4=64513",
                "update.path_attribute.as_path_segment.as4=4200000001",
                "update.path_attribute.as_path_segment.type=1",
                "update.path_attribute.as_path_segment.as4=64514",
                "update.path_attribute.next_hop=192.0.2.9",
                "update.path_attribute.multi_exit_disc=50",
                "update.path_attribute.local_pref=200",
                "update.path_attribute.type_code=6",
                "update.path_attribute.aggregator_as=4200000002",
                "update.path_attribute.aggregator_origin=192.0.2.8",
                "update.path_attribute.community_as=64512",
                "update.path_attribute.community_value=100",
                "update.path_attribute.community_wellknown=0xffffff01",
                "update.path_attribute.originator_id=192.0.2.7",
                "path_attribute.cluster_id=192.0.2.6",
                "path_attribute.cluster_id=192.0.2.5",
                "ext_com.value_as2=64512",
                "ext_com.value_an4=100",
                "ext_com.tunnel_type=8",
                "update.path_attribute.pmsi.tunnel.type=6",
                "update.path_attribute.pmsi.ingress_rep_ip=192.0.2.9",
                "update.encaps_tunnel_tlv_type=8",
                "update.encaps_tunnel_subtlv_type=6",
                "update.encaps_tunnel_tlv_subtlv.value=00:00:00:00:00:01:0a:07:09:09",
                "large_communities.ga=64512",
                "large_communities.ldp1=1",
                "large_communities.ldp2=2",
                "update.path_attribute.type_code=35",
                "prefix_sid.label_index.value=100",
                "=10.1.0.0/16",
            ]
        ),
        (
            "ipv6",
            Advertise(AddressFamily.Ipv6Unicast, OverIpv6, [Ip("2001:db8:1::/48")]),
            ["update.path_attribute.mp_reach_nlri.next_hop.ipv6=2001:db8::9", "=2001:db8:1::/48"]
        ),
        (
            "vpnv4",
            Advertise(AddressFamily.Vpnv4, OverIpv4, [Vpn("10.1.0.3/32")]),
            [
                "update.path_attribute.mp_reach_nlri.next_hop.rd=0:0",
                "update.path_attribute.mp_reach_nlri.next_hop.ipv4=192.0.2.9",
                "prefix_length=120",
                "label_stack=25 (bottom)",
                "rd=64512:7",
                "mp_reach_nlri_ipv4_prefix=10.1.0.3",
            ]
        ),
        (
            "vpnv6",
            Advertise(AddressFamily.Vpnv6, OverIpv6, [Vpn("2001:db8:1::/48")]),
            [
                "update.path_attribute.mp_reach_nlri.next_hop.rd=0:0",
                "update.path_attribute.mp_reach_nlri.next_hop.ipv6=2001:db8::9",
                "label_stack=25 (bottom)",
            ]
        ),
        (
            "labelled ipv4",
            Advertise(AddressFamily.LabelledIpv4, OverIpv4, [Labelled("10.1.0.0/16")]),
            ["update.path_attribute.mp_reach_nlri.next_hop.ipv4=192.0.2.9", "=Label Stack=25 (bottom) IPv4=10.1.0.0/16"]
        ),
        (
            "labelled ipv6",
            Advertise(AddressFamily.LabelledIpv6, OverIpv6, [Labelled("2001:db8:1::/48")]),
            ["update.path_attribute.mp_reach_nlri.next_hop.ipv6=2001:db8::9", "=Label Stack=25 (bottom), IPv6=2001:db8:1::/48"]
        ),
        (
            "rtc",
            Advertise(AddressFamily.RouteTargetMembership, OverIpv4, [Membership]),
            ["update.path_attribute.mp_reach_nlri.next_hop.ipv4=192.0.2.9", "originating_as=64512", "community_prefix=64512:100"]
        ),
        (
            "evpn 1",
            Evpn(new(EvpnKey.EthernetAutoDiscovery(Rd, Segment, 5), new EvpnData(0x191))),
            [
                "evpn.nlri.rt=1",
                "evpn.nlri.rd=00:00:fc:00:00:00:00:07",
                "evpn.nlri.esi=00:11:22:33:44:55:66:77:88:99",
                "evpn.nlri.etag=5",
                "evpn.nlri.mpls_ls1=25",
            ]
        ),
        (
            "evpn 2",
            Evpn(new(EvpnKey.MacIp(Rd, 5, Mac, default), new EvpnData(0x191, Segment))),
            [
                "evpn.nlri.rt=2",
                "evpn.nlri.rd=00:00:fc:00:00:00:00:07",
                "evpn.nlri.esi=00:11:22:33:44:55:66:77:88:99",
                "evpn.nlri.etag=5",
                "evpn.nlri.mac_addr=02:00:00:00:00:01",
                "evpn.nlri.iplen=0",
                "evpn.nlri.mpls_ls1=25",
            ]
        ),
        (
            "evpn 2 with ip",
            Evpn(new(EvpnKey.MacIp(Rd, 5, Mac, IpAddress.Parse("10.1.0.3")), new EvpnData(0x191, Segment, 0xA1))),
            [
                "evpn.nlri.rt=2",
                "evpn.nlri.rd=00:00:fc:00:00:00:00:07",
                "evpn.nlri.esi=00:11:22:33:44:55:66:77:88:99",
                "evpn.nlri.mac_addr=02:00:00:00:00:01",
                "evpn.nlri.ip.addr=10.1.0.3",
                "evpn.nlri.mpls_ls1=25",
                "evpn.nlri.mpls_ls2=10",
            ]
        ),
        (
            "evpn 3",
            Evpn(new(EvpnKey.InclusiveMulticast(Rd, 5, IpAddress.Parse("192.0.2.9")), default)),
            ["evpn.nlri.rt=3", "evpn.nlri.rd=00:00:fc:00:00:00:00:07", "evpn.nlri.etag=5", "evpn.nlri.ip.addr=192.0.2.9"]
        ),
        (
            "evpn 4",
            Evpn(new(EvpnKey.EthernetSegment(Rd, Segment, IpAddress.Parse("2001:db8::9")), default)),
            [
                "evpn.nlri.rt=4",
                "evpn.nlri.rd=00:00:fc:00:00:00:00:07",
                "evpn.nlri.esi=00:11:22:33:44:55:66:77:88:99",
                "evpn.nlri.ipv6.addr=2001:db8::9",
            ]
        ),
        (
            "evpn 5 ipv4",
            Evpn(
                new(
                    EvpnKey.IpPrefix(Rd, 5, IpPrefix.Parse("10.1.0.0/24")),
                    new EvpnData(1000, Segment, gateway: IpAddress.Parse("10.1.0.254"))
                )
            ),
            [
                "evpn.nlri.rt=5",
                "evpn.nlri.rd=00:00:fc:00:00:00:00:07",
                "evpn.nlri.esi=00:11:22:33:44:55:66:77:88:99",
                "evpn.nlri.etag=5",
                "evpn.nlri.prefix_len=24",
                "evpn.nlri.ip.addr=10.1.0.0",
                "evpn.nlri.ipv4.gtw_addr=10.1.0.254",
                "update.path_attribute.mpls_label_value=1000",
            ]
        ),
        (
            "evpn 5 ipv6",
            Evpn(new(EvpnKey.IpPrefix(Rd, 5, IpPrefix.Parse("2001:db8:1::/64")), new EvpnData(1000))),
            [
                "evpn.nlri.rt=5",
                "evpn.nlri.rd=00:00:fc:00:00:00:00:07",
                "evpn.nlri.prefix_len=64",
                "evpn.nlri.ipv6.addr=2001:db8:1::",
                "evpn.nlri.ipv6.gtw_addr=::",
                "update.path_attribute.mpls_label_value=1000",
            ]
        ),
        (
            "ipv4 withdrawn",
            Withdraw(AddressFamily.Ipv4Unicast, [Ip("10.1.0.0/16")]),
            ["update.withdrawn_routes.length=3", "withdrawn_prefix=10.1.0.0"]
        ),
        ("ipv6 withdrawn", Withdraw(AddressFamily.Ipv6Unicast, [Ip("2001:db8:1::/48")]), ["mp_unreach_nlri_ipv6_prefix=2001:db8:1::"]),
        (
            "vpnv4 withdrawn",
            Withdraw(AddressFamily.Vpnv4, [Vpn("10.1.0.3/32")]),
            ["label_stack=0 (withdrawn)", "rd=64512:7", "mp_unreach_nlri_ipv4_prefix=10.1.0.3"]
        ),
        (
            "labelled ipv4 withdrawn",
            Withdraw(AddressFamily.LabelledIpv4, [Labelled("10.1.0.0/16")]),
            ["=Label Stack=0 (withdrawn) IPv4=10.1.0.0/16"]
        ),
        (
            "rtc withdrawn",
            Withdraw(AddressFamily.RouteTargetMembership, [Membership]),
            ["update.path_attribute.mp_unreach_nlri.safi=132", "community_prefix=64512:100"]
        ),
        (
            "evpn withdrawn",
            Withdraw(AddressFamily.L2VpnEvpn, [new EvpnNlri(EvpnKey.InclusiveMulticast(Rd, 5, IpAddress.Parse("192.0.2.9")), default)]),
            ["update.path_attribute.mp_unreach_nlri.safi=70", "evpn.nlri.rt=3", "evpn.nlri.ip.addr=192.0.2.9"]
        ),
        ("ipv4 end of rib", EndOfRib(AddressFamily.Ipv4Unicast), ["update.withdrawn_routes.length=0", "update.path_attributes.length=0"]),
        (
            "evpn end of rib",
            EndOfRib(AddressFamily.L2VpnEvpn),
            [
                "update.path_attribute.type_code=15",
                "update.path_attribute.mp_unreach_nlri.afi=25",
                "update.path_attribute.mp_unreach_nlri.safi=70",
            ]
        ),
    ];

    private static RouteTargetMembershipNlri Membership =>
        RouteTargetMembershipNlri.For(new AsNumber(64512), RouteTarget.Parse("64512:100"));

    [Test]
    public void Every_form_is_read_by_tshark_as_it_was_meant()
    {
        var read = Tshark.Decode([.. Cases.Select(c => c.Message)]);

        Assert.That(read, Has.Count.EqualTo(Cases.Length));
        Assert.Multiple(() =>
        {
            for (var i = 0; i < Cases.Length; i++)
            {
                Assert.That(read[i], Is.SupersetOf(Cases[i].Meant), Cases[i].Name);
                Assert.That(read[i], Has.None.StartsWith("_ws.malformed"), Cases[i].Name);
            }
        });
    }

    private static PrefixNlri Ip(string prefix) => new(IpPrefix.Parse(prefix));

    private static VpnNlri Vpn(string prefix) => new(Rd, IpPrefix.Parse(prefix), new MplsLabel(25));

    private static LabelledNlri Labelled(string prefix) => new(IpPrefix.Parse(prefix), new MplsLabel(25));

    private static byte[] Evpn(EvpnNlri route) => Advertise(AddressFamily.L2VpnEvpn, OverIpv4, [route]);

    private static byte[] Advertise<TNlri>(AddressFamily family, PathAttributes attributes, TNlri[] routes)
        where TNlri : struct, INlri<TNlri>
    {
        var output = new ArrayBufferWriter<byte>();
        UpdatePacker.Advertise<TNlri>(family, attributes, routes, Encoding, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Withdraw<TNlri>(AddressFamily family, TNlri[] routes)
        where TNlri : struct, INlri<TNlri>
    {
        var output = new ArrayBufferWriter<byte>();
        UpdatePacker.Withdraw<TNlri>(family, routes, Encoding, output);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] EndOfRib(AddressFamily family)
    {
        var output = new ArrayBufferWriter<byte>();
        UpdatePacker.EndOfRib(family, output);
        return output.WrittenSpan.ToArray();
    }
}
