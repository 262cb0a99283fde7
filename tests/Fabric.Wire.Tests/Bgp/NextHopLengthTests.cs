using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>
/// RFC 7606 section 7.11: behind a next hop of a length that its family does not know, no NLRI can be found for certain. The rest of the session goes on.
/// </summary>
public sealed class NextHopLengthTests
{
    private const int Longest = 64;

    // RFC 4760 and RFC 2545, RFC 4364 and RFC 4659 with a distinguisher before each address, RFC 7432 section 5, RFC 4684 section 5.
    [TestCase("ipv4", 4)]
    [TestCase("ipv4-labelled", 4)]
    [TestCase("vpnv4", 12)]
    [TestCase("ipv6", 16, 32)]
    [TestCase("ipv6-labelled", 16, 32)]
    [TestCase("vpnv6", 24, 48)]
    [TestCase("evpn", 4, 16)]
    [TestCase("rtc", 4, 16)]
    public void A_next_hop_has_a_length_of_its_family(string family, params int[] lengths) =>
        Check(family, lengths, Decoded.Internal with { ExtendedNextHopFamilies = [] });

    // RFC 8950 section 3.
    [TestCase("ipv4", 4, 16, 32)]
    [TestCase("ipv4-labelled", 4, 16, 32)]
    [TestCase("vpnv4", 12, 24, 48)]
    [TestCase("ipv6", 16, 32)]
    [TestCase("evpn", 4, 16)]
    public void Where_it_was_agreed_on_IPv4_routes_may_have_the_lengths_of_IPv6(string family, params int[] lengths) =>
        Check(family, lengths, Decoded.Internal);

    private static void Check(string name, int[] lengths, UpdateContext context)
    {
        Assert.That(AddressFamily.TryParse(name, out var family), Is.True);

        var taken = Enumerable.Range(0, Longest).Where(length => Decoded.Of(Update(family, length), context).Fault is null);

        Assert.That(taken, Is.EqualTo(lengths));
        foreach (var length in Enumerable.Range(0, Longest).Except(lengths))
        {
            var decoded = Decoded.Of(Update(family, length), context);
            Assert.That(
                (decoded.Fault?.Fault, decoded.Fault?.Family),
                Is.EqualTo((AttributeFault.DisableFamily, family)),
                $"{length} octets"
            );
        }
    }

    /// <summary>An MP_REACH_NLRI of the family without NLRI; each octet of its next hop is 10.</summary>
    private static byte[] Update(AddressFamily family, int length)
    {
        byte[] reach = [0, (byte)family.Afi, family.Safi, (byte)length, .. Enumerable.Repeat((byte)10, length), 0];
        byte[] attributes = [0x40, 1, 1, 0, 0x40, 2, 0, 0x80, 14, (byte)reach.Length, .. reach];
        return [0, 0, 0, (byte)attributes.Length, .. attributes];
    }
}
