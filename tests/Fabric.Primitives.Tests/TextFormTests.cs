using System.Text;

namespace Fabric.Primitives.Tests;

/// <summary>What people write is what is read and printed again; what is no such thing is refused.</summary>
public sealed class TextFormTests
{
    [TestCase("10.1.0.3")]
    [TestCase("2001:db8::1")]
    [TestCase("::ffff:10.1.0.3")]
    public void An_address_prints_as_it_was_written(string text) => Assert.That(IpAddress.Parse(text).ToString(), Is.EqualTo(text));

    [TestCase("10")]
    [TestCase("10.1.0")]
    [TestCase("10.1.0.256")]
    [TestCase("0x7f.0.0.1.5")]
    [TestCase("fe80::1%2")]
    [TestCase("")]
    [TestCase(null)]
    public void What_is_no_address_is_refused(string? text) => Assert.That(IpAddress.TryParse(text, out _), Is.False);

    [Test]
    public void A_mapped_address_is_not_the_ipv4_address() =>
        Assert.That(IpAddress.Parse("::ffff:10.1.0.3"), Is.Not.EqualTo(IpAddress.Parse("10.1.0.3")));

    [TestCase("10.1.0.0/24")]
    [TestCase("0.0.0.0/0")]
    [TestCase("10.1.0.3/32")]
    [TestCase("2001:db8::/32")]
    public void A_prefix_prints_as_it_was_written(string text) => Assert.That(IpPrefix.Parse(text).ToString(), Is.EqualTo(text));

    [TestCase("0.0.0.0/0", "0:0")]
    [TestCase("255.255.255.255/32", "255.255.255.255:65535")]
    [TestCase("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128", "65535:4294967295")]
    [TestCase("::ffff:255.255.255.255/128", "4294967295:65535")]
    public void A_prefix_and_a_route_distinguisher_are_the_same_text_in_octets(string prefix, string distinguisher)
    {
        var (one, other) = (new byte[IpPrefix.MaxTextLength], new byte[RouteDistinguisher.MaxTextLength]);
        Assert.That(Encoding.ASCII.GetString(one, 0, IpPrefix.Parse(prefix).Format(one)), Is.EqualTo(prefix));
        Assert.That(Encoding.ASCII.GetString(other, 0, RouteDistinguisher.Parse(distinguisher).Format(other)), Is.EqualTo(distinguisher));
    }

    [TestCase("10.1.0.1/24")]
    [TestCase("10.1.0.0/33")]
    [TestCase("10.1.0.0/-1")]
    [TestCase("10.1.0.0/")]
    [TestCase("2001:db8::/129")]
    public void A_prefix_with_host_bits_or_a_wrong_length_is_refused(string text) => Assert.That(IpPrefix.TryParse(text, out _), Is.False);

    [TestCase("02:11:22:33:44:55", 0x021122334455UL)]
    [TestCase("ff-ff-ff-ff-ff-ff", 0xFFFFFFFFFFFFUL)]
    public void A_mac_address_is_six_hexadecimal_bytes(string text, ulong value) =>
        Assert.That(MacAddress.Parse(text).Value, Is.EqualTo(value));

    [TestCase("02:11:22:33:44")]
    [TestCase("02:11:22:33:44:5g")]
    [TestCase("0211.2233.4455")]
    public void What_is_no_mac_address_is_refused(string text) => Assert.That(MacAddress.TryParse(text, out _), Is.False);

    // RFC 4364 section 4.2: types 0, 1 and 2.
    [TestCase("64512:100", 0x0000_FC00_0000_0064UL)]
    [TestCase("192.0.2.17:5", 0x0001_C000_0211_0005UL)]
    [TestCase("4200000000:7", 0x0002_FA56_EA00_0007UL)]
    public void A_route_distinguisher_has_three_forms(string text, ulong value)
    {
        Assert.That(RouteDistinguisher.Parse(text).Value, Is.EqualTo(value));
        Assert.That(RouteDistinguisher.Parse(text).ToString(), Is.EqualTo(text));
    }

    // RFC 4360 section 4 and RFC 5668.
    [TestCase("target:64512:8000001", 0x0002_FC00_007A_1201UL)]
    [TestCase("target:192.0.2.1:5", 0x0102_C000_0201_0005UL)]
    [TestCase("target:4200000000:7", 0x0202_FA56_EA00_0007UL)]
    public void A_route_target_has_three_forms(string text, ulong value)
    {
        var target = RouteTarget.Parse(text);
        Assert.That(target.Value, Is.EqualTo(value));
        Assert.That(target.ToString(), Is.EqualTo(text));
        Assert.That(target.Community.IsRouteTarget);
    }

    [TestCase("192.0.2.1:65536")]
    [TestCase("4200000000:65536")]
    [TestCase("64512:-1")]
    [TestCase("64512")]
    [TestCase(":1")]
    [TestCase("target:")]
    public void A_number_that_does_not_fit_its_form_is_refused(string text)
    {
        Assert.That(RouteTarget.TryParse(text, out _), Is.False);
        Assert.That(RouteDistinguisher.TryParse(text, out _), Is.False);
    }
}
