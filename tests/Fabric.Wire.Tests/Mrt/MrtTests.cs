using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;
using Fabric.Wire.Mrt;

namespace Fabric.Wire.Tests.Mrt;

/// <summary>A file of records as bgpdump reads it.</summary>
public sealed class MrtTests
{
    private static readonly DateTimeOffset Time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
    private static readonly MrtPeer First = new(BgpIdentifier.Parse("192.0.2.99"), IpAddress.Parse("192.0.2.9"), new AsNumber(4200000001));
    private static readonly MrtPeer Second = new(BgpIdentifier.Parse("192.0.2.88"), IpAddress.Parse("2001:db8::8"), new AsNumber(64513));
    private static readonly MrtPeer Local = new(BgpIdentifier.Parse("192.0.2.1"), IpAddress.Parse("192.0.2.1"), new AsNumber(64512));

    private static readonly PathAttributes Attributes = new()
    {
        NextHop = IpAddress.Parse("192.0.2.9"),
        AsPath = new([new(AsPathSegmentType.Sequence, [new AsNumber(4200000001)])]),
        LocalPref = 120,
        ExtendedCommunities = [RouteTarget.Parse("64512:100").Community],
    };

    [Test]
    public void A_dump_is_read_by_bgpdump_as_it_was_meant()
    {
        var output = new ArrayBufferWriter<byte>();
        MrtWriter.PeerIndexTable(Time, Local.Identifier, "", [First, Second], output);
        Write(output, 0, AddressFamily.Ipv4Unicast, new PrefixNlri(IpPrefix.Parse("10.1.0.0/16")));
        Write(output, 1, AddressFamily.Ipv6Unicast, new PrefixNlri(IpPrefix.Parse("2001:db8:1::/48")), "2001:db8::9");

        Assert.That(
            Bgpdump.Read(output.WrittenSpan),
            Is.EqualTo([
                "TABLE_DUMP2|1700000000|B|192.0.2.9|4200000001|10.1.0.0/16|4200000001|IGP|192.0.2.9|120|0||NAG||",
                "TABLE_DUMP2|1700000000|B|2001:db8::8|64513|10.1.0.0/16|4200000001|IGP|192.0.2.9|90|0||NAG||",
                "TABLE_DUMP2|1700000000|B|192.0.2.9|4200000001|2001:db8:1::/48|4200000001|IGP|2001:db8::9|120|0||NAG||",
                "TABLE_DUMP2|1700000000|B|2001:db8::8|64513|2001:db8:1::/48|4200000001|IGP|2001:db8::9|90|0||NAG||",
            ])
        );
    }

    /// <summary>RFC 6396 sections 4.3.3 and 4.3.4, with an NLRI of RFC 8277 and RFC 4364, octet by octet; bgpdump does not read this record.</summary>
    [Test]
    public void A_vpn_route_stands_as_the_rfcs_draw_it()
    {
        var output = new ArrayBufferWriter<byte>();
        var route = new MrtRoute();
        var bare = new PathAttributes { NextHop = IpAddress.Parse("192.0.2.9") };
        route.TryAdd(1, Time, AddressFamily.Vpnv4, 0, StoredAttributes.Write(bare));
        var nlri = new VpnNlri(RouteDistinguisher.Parse("64512:7"), IpPrefix.Parse("10.2.0.0/16"), new MplsLabel(25));
        route.Write(Time, 5, AddressFamily.Vpnv4, hasPathIds: false, Bytes(nlri), output);

        const string header = "6553F100" + "000D" + "0006" + "00000036";
        const string head = "00000005" + "0001" + "80" + "68" + "000191" + "0000FC0000000007" + "0A02" + "0001";
        const string entry = "0001" + "6553F100" + "0017";
        const string nextHop = "80" + "0E" + "0D" + "0C" + "0000000000000000" + "C0000209";
        const string rest = "400101" + "00" + "400200";
        Assert.That(Convert.ToHexString(output.WrittenSpan), Is.EqualTo(header + head + entry + nextHop + rest));
    }

    [Test]
    public void Messages_are_read_by_bgpdump_with_their_ends()
    {
        var output = new ArrayBufferWriter<byte>();
        var update = new ArrayBufferWriter<byte>();
        UpdatePacker.Advertise<PrefixNlri>(
            AddressFamily.Ipv4Unicast,
            Attributes,
            [new PrefixNlri(IpPrefix.Parse("10.1.0.0/16"))],
            new UpdateEncoding(fourOctetAs: true, extendedMessages: false),
            update
        );
        MrtWriter.Message(Time, First, Local, isFourOctetAs: true, hasPathIds: false, update.WrittenSpan, output);
        update.ResetWrittenCount();
        UpdatePacker.Withdraw<PrefixNlri>(
            AddressFamily.Ipv4Unicast,
            [new PrefixNlri(IpPrefix.Parse("10.1.0.0/16"))],
            new UpdateEncoding(fourOctetAs: false, extendedMessages: false),
            update
        );
        MrtWriter.Message(Time, First, Local, isFourOctetAs: false, hasPathIds: false, update.WrittenSpan, output);

        Assert.That(
            Bgpdump.Read(output.WrittenSpan),
            Is.EqualTo([
                "BGP4MP|1700000000|A|192.0.2.9|4200000001|10.1.0.0/16|4200000001|IGP|192.0.2.9|120|0||NAG||",
                "BGP4MP|1700000000|W|192.0.2.9|23456|10.1.0.0/16",
            ])
        );
    }

    [Test]
    public void Paths_with_identifiers_are_read_by_bgpdump_with_those()
    {
        var output = new ArrayBufferWriter<byte>();
        MrtWriter.PeerIndexTable(Time, Local.Identifier, "", [First, Second], output);
        Write(output, 0, AddressFamily.Ipv4Unicast, new PrefixNlri(IpPrefix.Parse("10.1.0.0/16")), pathId: 7);
        Write(output, 1, AddressFamily.Ipv6Unicast, new PrefixNlri(IpPrefix.Parse("2001:db8:1::/48")), "2001:db8::9", pathId: 8);

        Assert.That(
            Bgpdump.Words(output.WrittenSpan),
            Is.SupersetOf([
                "TYPE: TABLE_DUMP_V2/IPV4_UNICAST_ADDPATH",
                "PREFIX: 10.1.0.0/16 PATH_ID: 7",
                "TYPE: TABLE_DUMP_V2/IPV6_UNICAST_ADDPATH",
                "PREFIX: 2001:db8:1::/48 PATH_ID: 8",
            ])
        );
    }

    /// <summary>OpenBGPD's next hop is that of MP_REACH_NLRI; without a path identifier it shows none.</summary>
    [TestCase(0u, "")]
    [TestCase(9u, " Path-Id: 9")]
    public void Vpn_paths_are_read_by_bgpctl_as_they_were_meant(uint pathId, string shown)
    {
        var output = new ArrayBufferWriter<byte>();
        MrtWriter.PeerIndexTable(Time, Local.Identifier, "", [First, Second], output);
        var rd = RouteDistinguisher.Parse("64512:7");
        Write(output, 0, AddressFamily.Vpnv4, new VpnNlri(rd, IpPrefix.Parse("10.2.0.0/16"), new MplsLabel(25)), pathId: pathId);
        Write(
            output,
            1,
            AddressFamily.Vpnv6,
            new VpnNlri(rd, IpPrefix.Parse("2001:db8:2::/48"), new MplsLabel(26)),
            "2001:db8::9",
            pathId: pathId
        );

        string[] said =
        [
            "4200000001",
            "Origin IGP, metric 0, localpref 120, weight 0, ovs not-found, external",
            "Ext. Communities: rt 64512:100",
        ];
        Assert.That(
            Bgpctl.Read(output.WrittenSpan),
            Is.SupersetOf([
                "BGP routing table entry for rd 64512:7 10.2.0.0/16",
                $"Nexthop rd 0:0 192.0.2.9 (via rd 0:0 192.0.2.9) Neighbor 192.0.2.9 (192.0.2.99){shown}",
                "BGP routing table entry for rd 64512:7 2001:db8:2::/48",
                $"Nexthop rd 0:0 2001:db8::9 (via rd 0:0 2001:db8::9) Neighbor 2001:db8::8 (192.0.2.88){shown}",
                .. said,
            ])
        );
    }

    [Test]
    public void A_message_with_path_identifiers_and_changes_of_state_are_read_by_bgpdump()
    {
        var output = new ArrayBufferWriter<byte>();
        var update = new ArrayBufferWriter<byte>();
        UpdatePacker.Advertise<PathNlri<PrefixNlri>>(
            AddressFamily.Ipv4Unicast,
            Attributes,
            [new(7, new PrefixNlri(IpPrefix.Parse("10.1.0.0/16"))), new(8, new PrefixNlri(IpPrefix.Parse("10.1.0.0/16")))],
            new UpdateEncoding(fourOctetAs: true, extendedMessages: false),
            update
        );
        MrtWriter.StateChange(Time, First, Local, MrtSessionState.OpenConfirm, MrtSessionState.Established, output);
        MrtWriter.Message(Time, First, Local, isFourOctetAs: true, hasPathIds: true, update.WrittenSpan, output);
        MrtWriter.StateChange(Time, First, Local, MrtSessionState.Established, MrtSessionState.Idle, output);

        Assert.That(
            Bgpdump.Words(output.WrittenSpan),
            Is.SupersetOf([
                "TYPE: BGP4MP/STATE_CHANGE",
                "PEER: 192.0.2.9 AS4200000001",
                "STATE: Openconfirm/Established",
                "TYPE: BGP4MP/MESSAGE_ADDPATH/Update",
                "  10.1.0.0/16 PATH_ID: 7",
                "  10.1.0.0/16 PATH_ID: 8",
                "STATE: Established/Idle",
            ])
        );
    }

    private static void Write<TNlri>(
        ArrayBufferWriter<byte> output,
        uint sequence,
        AddressFamily family,
        TNlri nlri,
        string nextHop = "192.0.2.9",
        uint pathId = 0
    )
        where TNlri : struct, INlri<TNlri>
    {
        var attributes = Attributes with { NextHop = IpAddress.Parse(nextHop) };
        var route = new MrtRoute();
        route.TryAdd(0, Time, family, pathId, StoredAttributes.Write(attributes));
        route.TryAdd(1, Time, family, pathId, StoredAttributes.Write(attributes with { LocalPref = 90 }));
        route.Write(Time, sequence, family, pathId != 0, Bytes(nlri), output);
    }

    private static byte[] Bytes<TNlri>(TNlri nlri)
        where TNlri : struct, INlri<TNlri>
    {
        var bytes = new byte[nlri.ByteCount];
        nlri.Write(bytes, false);
        return bytes;
    }
}
