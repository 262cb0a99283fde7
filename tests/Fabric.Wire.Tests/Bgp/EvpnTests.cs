using System.Runtime.CompilerServices;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>EVPN routes laid out by hand after the diagrams of RFC 7432 section 7 and RFC 9136 section 3.1.</summary>
public sealed class EvpnTests
{
    private const string Rd = "0000fc0000000007";
    private const string NoSegment = "00000000000000000000";
    private const string SegmentText = "00:11:22:33:44:55:66:77:88:99";
    private const string Segment = "00112233445566778899";
    private const string Mac = "30 020000000001";
    private const string Ipv6 = "20010db8000000000000000000000003";

    private static readonly RouteDistinguisher Distinguisher = RouteDistinguisher.Parse("64512:7");
    private static readonly EthernetSegmentId SegmentId = EthernetSegmentId.Read(GoldenMessages.Bytes(Segment));
    private static readonly MacAddress MacAddress = MacAddress.Parse("02:00:00:00:00:01");

    private static IEnumerable<TestCaseData> Routes()
    {
        yield return Case(
            "Ethernet_auto_discovery",
            "01 19" + Rd + Segment + "ffffffff" + "000191",
            new(EvpnKey.EthernetAutoDiscovery(Distinguisher, SegmentId, uint.MaxValue), new EvpnData(0x191)),
            "64512:7:[1]:[4294967295]:[00:11:22:33:44:55:66:77:88:99]"
        );
        yield return Case(
            "MAC_alone",
            "02 21" + Rd + NoSegment + "00000005" + Mac + "00" + "000191",
            new(EvpnKey.MacIp(Distinguisher, 5, MacAddress, default), new EvpnData(0x191)),
            "64512:7:[2]:[5]:[48]:[02:00:00:00:00:01]"
        );
        yield return Case(
            "MAC_and_IPv4_with_a_label",
            "02 25" + Rd + Segment + "00000005" + Mac + "20 0a010003" + "000191",
            new(EvpnKey.MacIp(Distinguisher, 5, MacAddress, IpAddress.Parse("10.1.0.3")), new EvpnData(0x191, SegmentId)),
            "64512:7:[2]:[5]:[48]:[02:00:00:00:00:01]:[32]:[10.1.0.3]"
        );
        yield return Case(
            "MAC_and_IPv6_with_two_labels",
            "02 34" + Rd + NoSegment + "00000005" + Mac + "80" + Ipv6 + "000191" + "0000a1",
            new(EvpnKey.MacIp(Distinguisher, 5, MacAddress, IpAddress.Parse("2001:db8::3")), new EvpnData(0x191, default, 0xA1)),
            "64512:7:[2]:[5]:[48]:[02:00:00:00:00:01]:[128]:[2001:db8::3]"
        );
        yield return Case(
            "Inclusive_multicast_over_IPv4",
            "03 11" + Rd + "00000005" + "20 c0000209",
            new(EvpnKey.InclusiveMulticast(Distinguisher, 5, IpAddress.Parse("192.0.2.9")), default),
            "64512:7:[3]:[5]:[32]:[192.0.2.9]"
        );
        yield return Case(
            "Ethernet_segment_over_IPv6",
            "04 23" + Rd + Segment + "80" + Ipv6,
            new(EvpnKey.EthernetSegment(Distinguisher, SegmentId, IpAddress.Parse("2001:db8::3")), default),
            "64512:7:[4]:[00:11:22:33:44:55:66:77:88:99]:[128]:[2001:db8::3]"
        );
        yield return Case(
            "IPv4_prefix_behind_a_gateway",
            "05 22" + Rd + NoSegment + "00000000" + "18 0a010000" + "0a0100fe" + "0003e8",
            new(
                EvpnKey.IpPrefix(Distinguisher, 0, IpPrefix.Parse("10.1.0.0/24")),
                new EvpnData(1000, gateway: IpAddress.Parse("10.1.0.254"))
            ),
            "64512:7:[5]:[0]:[24]:[10.1.0.0]"
        );
        yield return Case(
            "IPv6_default_route",
            "05 3a" + Rd + Segment + "00000000" + "00" + new string('0', 64) + "0003e8",
            new(EvpnKey.IpPrefix(Distinguisher, 0, IpPrefix.Parse("::/0")), new EvpnData(1000, SegmentId)),
            "64512:7:[5]:[0]:[0]:[::]"
        );
    }

    [TestCaseSource(nameof(Routes))]
    public void A_route_is_read_and_written(string hex, EvpnNlri route, string text)
    {
        var bytes = GoldenMessages.Bytes(hex);
        var written = new byte[route.ByteCount];
        route.Write(written, withdraw: false);

        Assert.That(EvpnNlri.Measure(bytes, AddressFamily.L2VpnEvpn), Is.EqualTo(bytes.Length));
        Assert.That(EvpnNlri.Read(bytes, AddressFamily.L2VpnEvpn), Is.EqualTo(route));
        Assert.That(Convert.ToHexStringLower(written), Is.EqualTo(Convert.ToHexStringLower(bytes)));
        Assert.That(route.ToString(), Is.EqualTo(text));
    }

    [TestCaseSource(nameof(Routes))]
    public void A_route_cut_or_shortened_at_any_byte_is_malformed(string hex, EvpnNlri route, string text)
    {
        var bytes = GoldenMessages.Bytes(hex);
        for (var length = 1; length < bytes.Length; length++)
        {
            Assert.That(EvpnNlri.Measure(bytes.AsSpan(0, length), AddressFamily.L2VpnEvpn), Is.EqualTo(-1), text);
            var shortened = bytes[..length];
            if (length > 1)
            {
                shortened[1] = (byte)(length - 2);

                // A MAC/IP route without its second label and an IP prefix route of the size of IPv4 are routes again.
                var isRoute =
                    route.Data.SecondLabelField is not null && length == bytes.Length - 3
                    || route.RouteType == EvpnRouteType.IpPrefixRoute && length == 36;
                Assert.That(EvpnNlri.Measure(shortened, AddressFamily.L2VpnEvpn), Is.EqualTo(isRoute ? length : -1), text);
            }
        }
    }

    [TestCase("02 21" + Rd + NoSegment + "00000005" + "2f 020000000001" + "00" + "000191", TestName = "A_MAC_of_47_bits")]
    [TestCase("02 24" + Rd + NoSegment + "00000005" + Mac + "18 0a0100" + "000191", TestName = "A_MAC_with_an_IP_of_24_bits")]
    [TestCase("03 10" + Rd + "00000005" + "18 c00002", TestName = "An_originator_of_24_bits")]
    [TestCase("05 22" + Rd + NoSegment + "00000000" + "21 0a010000" + "00000000" + "0003e8", TestName = "An_IPv4_prefix_of_33_bits")]
    [TestCase("05 3a" + Rd + NoSegment + "00000000" + "81" + Ipv6 + Ipv6 + "0003e8", TestName = "An_IPv6_prefix_of_129_bits")]
    public void A_length_that_no_address_has_is_malformed(string hex) =>
        Assert.That(EvpnNlri.Measure(GoldenMessages.Bytes(hex), AddressFamily.L2VpnEvpn), Is.EqualTo(-1));

    [TestCase("09 03 aabbcc")]
    [TestCase("0b 00")]
    public void Another_type_is_passed_on_as_it_came(string hex)
    {
        var bytes = GoldenMessages.Bytes(hex);

        var route = EvpnNlri.Read(bytes, AddressFamily.L2VpnEvpn);

        var written = new byte[route.ByteCount];
        route.Write(written, withdraw: false);
        Assert.That(route.Key.IsRecognized, Is.False);
        Assert.That(written, Is.EqualTo(bytes));
    }

    [Test]
    public void Segment_labels_and_gateway_do_not_tell_routes_apart()
    {
        var first = Read("02 25" + Rd + Segment + "00000005" + Mac + "20 0a010003" + "000191");
        var moved = Read("02 28" + Rd + NoSegment + "00000005" + Mac + "20 0a010003" + "000201" + "000301");
        var other = Read("02 21" + Rd + Segment + "00000005" + Mac + "00" + "000191");

        Assert.That(moved.Key, Is.EqualTo(first.Key));
        Assert.That(moved.Data, Is.Not.EqualTo(first.Data));
        Assert.That(other.Key, Is.Not.EqualTo(first.Key));
    }

    [Test]
    public void An_IPv4_and_an_IPv6_prefix_of_zeros_are_two_routes()
    {
        var ipv4 = EvpnKey.IpPrefix(Distinguisher, 0, IpPrefix.Parse("0.0.0.0/0"));
        var ipv6 = EvpnKey.IpPrefix(Distinguisher, 0, IpPrefix.Parse("::/0"));

        Assert.That(ipv6, Is.Not.EqualTo(ipv4));
        Assert.That((ipv4.Prefix, ipv6.Prefix), Is.EqualTo((IpPrefix.Parse("0.0.0.0/0"), IpPrefix.Parse("::/0"))));
    }

    [Test]
    public void Reading_a_route_allocates_nothing()
    {
        var bytes = GoldenMessages.Bytes("02 34" + Rd + Segment + "00000005" + Mac + "80" + Ipv6 + "000191" + "0000a1");
        var hash = EvpnNlri.Read(bytes, AddressFamily.L2VpnEvpn).Key.GetHashCode();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            hash ^= EvpnNlri.Read(bytes, AddressFamily.L2VpnEvpn).Key.GetHashCode();
        }

        Assert.That(
            (GC.GetAllocatedBytesForCurrentThread() - before, hash),
            Is.EqualTo((0L, EvpnNlri.Read(bytes, default).Key.GetHashCode()))
        );
        Assert.That((Unsafe.SizeOf<EvpnKey>(), Unsafe.SizeOf<EvpnData>()), Is.EqualTo((48, 40)));
    }

    [Test]
    public void A_segment_is_written_as_it_is_read() => Assert.That(SegmentId.ToString(), Is.EqualTo(SegmentText));

    private static EvpnNlri Read(string hex) => EvpnNlri.Read(GoldenMessages.Bytes(hex), AddressFamily.L2VpnEvpn);

    private static TestCaseData Case(string name, string hex, EvpnNlri route, string text) =>
        new TestCaseData(hex, route, text).SetArgDisplayNames(name);
}
