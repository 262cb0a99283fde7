using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>IPv4 routes with IPv6 next hops (RFC 8950).</summary>
public sealed class ExtendedNextHopTests
{
    // 10.1.0.0/16 via 2001:db8::1, with ORIGIN, AS_PATH and LOCAL_PREF; MP_REACH_NLRI has AFI 1, SAFI 1 and 16 octets of next hop.
    private const string Update =
        "0000 0029" + "800e18 0001 01 10 20010db8000000000000000000000001 00 100a01" + "400101 00 400200 400504 00000064";

    [Test]
    public void Where_it_was_agreed_on_the_route_has_that_next_hop()
    {
        var decoded = Decoded.Of(Bytes());

        Assert.That(decoded.Fault, Is.Null);
        Assert.That(decoded.Reachable, Is.EqualTo(["10.1.0.0/16"]));
        Assert.That(decoded.Attributes!.NextHop, Is.EqualTo(IpAddress.Parse("2001:db8::1")));
    }

    [Test]
    public void Without_that_the_family_is_given_up_and_the_session_goes_on()
    {
        var decoded = Decoded.Of(Bytes(), Decoded.Internal with { ExtendedNextHopFamilies = [] });

        Assert.That(decoded.Fault?.Fault, Is.EqualTo(AttributeFault.DisableFamily));
        Assert.That(decoded.Reachable, Is.Empty);
    }

    private static byte[] Bytes() => Convert.FromHexString(Update.Replace(" ", "", StringComparison.Ordinal));
}
