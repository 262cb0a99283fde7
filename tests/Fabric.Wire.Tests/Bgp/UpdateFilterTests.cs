using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>Bytes by hand from RFC 4271 section 4.3 and RFC 4760 section 4.</summary>
public sealed class UpdateFilterTests
{
    private const string Marker = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";

    // ORIGIN, and MP_UNREACH_NLRI with 2001:db8::/32.
    private const string Origin = "40010100";
    private const string Ipv6 = "800F08" + "000201" + "20" + "20010DB8";

    [TestCase("0019" + "02" + "0002" + "080A" + "0000", "ipv4", "", TestName = "Of_one_family_nothing_is_left")]
    [TestCase("0022" + "02" + "0000" + "000B" + Ipv6, "ipv6", "", TestName = "Of_one_family_in_an_attribute_nothing_is_left")]
    [TestCase(
        "0028" + "02" + "0002" + "080A" + "000F" + Origin + Ipv6,
        "ipv6",
        "001D" + "02" + "0002" + "080A" + "0004" + Origin,
        TestName = "Prefixes_of_ipv4_and_other_attributes_stay"
    )]
    [TestCase(
        "0028" + "02" + "0002" + "080A" + "000F" + Origin + Ipv6,
        "ipv4",
        "0026" + "02" + "0000" + "000F" + Origin + Ipv6,
        TestName = "Another_family_stays_where_ipv4_goes"
    )]
    [TestCase(
        "0028" + "02" + "0002" + "080A" + "000F" + Origin + Ipv6,
        "vpnv4",
        "0028" + "02" + "0002" + "080A" + "000F" + Origin + Ipv6,
        TestName = "What_says_nothing_of_the_family_stays_as_it_is"
    )]
    [TestCase(
        "0022" + "02" + "0000" + "000C" + Ipv6,
        "ipv6",
        "0022" + "02" + "0000" + "000C" + Ipv6,
        TestName = "What_cannot_be_read_stays_as_it_is"
    )]
    public void An_UPDATE_without_a_family(string message, string family, string expected)
    {
        Assert.That(AddressFamily.TryParse(family, out var parsed), Is.True);

        var left = UpdateFilter.Without(Convert.FromHexString(Marker + message), [parsed]);

        Assert.That(Convert.ToHexString(left), Is.EqualTo(expected.Length == 0 ? "" : Marker + expected));
    }
}
