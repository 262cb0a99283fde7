using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>RFC 8277. The messages were laid out by its diagrams, and read by tshark 4.0 as what the tests say.</summary>
public sealed class LabelledUnicastTests
{
    private const string Marker = "ffffffffffffffffffffffffffffffff";

    private const string Reachable =
        Marker + "0041 02 0000 002a 900e0018 0001 04 04 c0000209 00 30 003e81 cb0071 38 000031 c0000201 40010100 400200 400504 00000064";

    private const string Withdrawn =
        Marker + "003c 02 0000 0025 900f0021 0002 04 48 800000 20010db80001 98 800000 20010db8000000000000000000000001";

    [Test]
    public void Prefixes_with_labels_are_read_and_written()
    {
        var attributes = new PathAttributes { NextHop = IpAddress.Parse("192.0.2.9"), LocalPref = 100 };
        LabelledNlri[] routes = [Route("203.0.113.0/24", 1000), Route("192.0.2.1/32", 3)];
        var output = new ArrayBufferWriter<byte>();

        UpdatePacker.Advertise<LabelledNlri>(AddressFamily.LabelledIpv4, attributes, routes, new(true, false), output);

        Assert.That(Convert.ToHexStringLower(output.WrittenSpan), Is.EqualTo(Hex(Reachable)));
        var decoded = Decoded.Of(output.WrittenSpan[19..]);
        Assert.That(decoded.Reachable, Is.EqualTo(new[] { "203.0.113.0/24", "192.0.2.1/32" }));
        Assert.That(decoded.Labels, Is.EqualTo(new uint[] { 1000, 3 }));
        Assert.That(decoded.Attributes, Is.EqualTo(attributes));
    }

    [Test]
    public void A_withdrawal_has_no_label_of_its_own()
    {
        LabelledNlri[] routes = [Route("2001:db8:1::/48", 17), Route("2001:db8::1/128", 18)];
        var output = new ArrayBufferWriter<byte>();

        UpdatePacker.Withdraw<LabelledNlri>(AddressFamily.LabelledIpv6, routes, new(true, false), output);

        Assert.That(Convert.ToHexStringLower(output.WrittenSpan), Is.EqualTo(Hex(Withdrawn)));
        Assert.That(Decoded.Of(output.WrittenSpan[19..]).Withdrawn, Is.EqualTo(new[] { "2001:db8:1::/48", "2001:db8::1/128" }));
    }

    // RFC 8277 section 2.4: 0x800000 or 0x000000 by the RFCs before, and labels of their own by some speakers.
    [TestCase("800000")]
    [TestCase("000000")]
    [TestCase("003e81")]
    public void Any_label_is_taken_in_a_withdrawal(string label)
    {
        var decoded = Decoded.Of(GoldenMessages.Bytes("0000 000d 800f0a 0001 04 30" + label + "cb0071"));

        Assert.That((decoded.Fault, decoded.Withdrawn), Is.EqualTo(((UpdateFault?)null, new List<string> { "203.0.113.0/24" })));
    }

    [TestCase("17 003e81", TestName = "Less_than_a_label")]
    [TestCase("39 003e81 cb00710000", TestName = "More_than_an_address")]
    [TestCase("30 003e81 cb00", TestName = "A_prefix_that_is_cut")]
    [TestCase("30 003e", TestName = "A_label_that_is_cut")]
    public void A_malformed_route_disables_the_family(string nlri)
    {
        var length = GoldenMessages.Bytes(nlri).Length;

        var decoded = Decoded.Of(GoldenMessages.Bytes($"0000 {6 + length:x4} 800f{3 + length:x2} 0001 04 {nlri}"));

        Assert.That(
            (decoded.Fault?.Fault, decoded.Fault?.Family),
            Is.EqualTo(((AttributeFault?)AttributeFault.DisableFamily, (AddressFamily?)AddressFamily.LabelledIpv4))
        );
    }

    private static LabelledNlri Route(string prefix, uint label) => new(IpPrefix.Parse(prefix), new MplsLabel(label));

    private static string Hex(string golden) => Convert.ToHexStringLower(GoldenMessages.Bytes(golden));
}
