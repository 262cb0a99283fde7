namespace Fabric.Primitives.Tests;

public sealed class IpPrefixTests
{
    [Test]
    public void Host_bits_are_cleared() =>
        Assert.That(new IpPrefix(IpAddress.Parse("10.1.2.3"), 16), Is.EqualTo(IpPrefix.Parse("10.1.0.0/16")));

    [TestCase("10.1.0.0/24", "10.1.0.255", true)]
    [TestCase("10.1.0.0/24", "10.1.1.0", false)]
    [TestCase("0.0.0.0/0", "255.255.255.255", true)]
    [TestCase("0.0.0.0/0", "::1", false)]
    [TestCase("::/0", "10.1.0.1", false)]
    public void A_prefix_contains_the_addresses_of_its_own_kind_that_share_its_bits(string prefix, string address, bool expected) =>
        Assert.That(IpPrefix.Parse(prefix).Contains(IpAddress.Parse(address)), Is.EqualTo(expected));

    [Test]
    public void Addresses_are_written_and_read_in_network_order()
    {
        Span<byte> bytes = stackalloc byte[16];
        Assert.That(IpAddress.Parse("192.0.2.17").Write(bytes), Is.EqualTo(4));
        Assert.That(bytes[..4].ToArray(), Is.EqualTo(new byte[] { 192, 0, 2, 17 }));
        Assert.That(IpAddress.Read(bytes[..4]), Is.EqualTo(IpAddress.Parse("192.0.2.17")));
    }
}
