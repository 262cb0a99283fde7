using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>EVPN values laid out by hand after the diagrams of RFC 7432 section 7 and RFC 9136 section 3.1.</summary>
public sealed class EvpnTests
{
    private const string Rd = "0000fc0000000007";
    private const string Esi = "00000000000000000000";

    [Test]
    public void A_MAC_IP_advertisement_is_read_with_and_without_an_address()
    {
        var head = Rd + Esi + "00000005" + "30" + "020000000001";

        Assert.That(EvpnMacIpAdvertisement.TryRead(GoldenMessages.Bytes(head + "20" + "0a010003" + "000191"), out var route), Is.True);
        Assert.That(
            route,
            Is.EqualTo(
                new EvpnMacIpAdvertisement(
                    RouteDistinguisher.Parse("64512:7"),
                    5,
                    MacAddress.Parse("02:00:00:00:00:01"),
                    IpAddress.Parse("10.1.0.3"),
                    0x191,
                    null
                )
            )
        );
        Assert.That(EvpnMacIpAdvertisement.TryRead(GoldenMessages.Bytes(head + "00" + "000191" + "0000a1"), out route), Is.True);
        Assert.That((route.Ip.IsNone, route.SecondLabelField), Is.EqualTo((true, (uint?)0xA1)));
    }

    [Test]
    public void Inclusive_multicast_and_prefix_routes_are_read()
    {
        Assert.That(EvpnInclusiveMulticast.TryRead(GoldenMessages.Bytes(Rd + "00000000" + "20" + "c0000209"), out var multicast), Is.True);
        Assert.That(multicast.Originator, Is.EqualTo(IpAddress.Parse("192.0.2.9")));
        Assert.That(
            EvpnIpPrefixRoute.TryRead(
                GoldenMessages.Bytes(Rd + Esi + "00000000" + "18" + "0a010000" + "00000000" + "0003e8"),
                out var prefix
            ),
            Is.True
        );
        Assert.That((prefix.Prefix, prefix.LabelField), Is.EqualTo((IpPrefix.Parse("10.1.0.0/24"), 1000u)));
    }

    [Test]
    public void A_value_cut_at_any_byte_is_not_read()
    {
        var value = GoldenMessages.Bytes(Rd + Esi + "00000005" + "30" + "020000000001" + "20" + "0a010003" + "000191");
        for (var length = 0; length < value.Length; length++)
        {
            Assert.That(EvpnMacIpAdvertisement.TryRead(value.AsSpan(0, length), out _), Is.False);
            EvpnInclusiveMulticast.TryRead(value.AsSpan(0, length), out _);
            EvpnIpPrefixRoute.TryRead(value.AsSpan(0, length), out _);
        }
    }
}
