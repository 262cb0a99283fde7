namespace Fabric.Runtime.Tests;

public sealed class PeerTcpOptionsTests
{
    [TestCase(1, 255)]
    [TestCase(2, 254)]
    [TestCase(254, 2)]
    public void TTL_security_of_RFC_5082_sends_255_and_takes_no_less_than_the_hops_leave(int hops, int minimum)
    {
        var options = new PeerTcpOptions().WithTtlSecurity(hops);

        Assert.That((options.Ttl, options.MinimumTtl), Is.EqualTo(((byte?)255, (byte?)minimum)));
    }

    [Test]
    public void A_key_has_1_to_80_octets()
    {
        Assert.That(() => new PeerTcpOptions { Md5Key = "" }, Throws.ArgumentException);
        Assert.That(() => new PeerTcpOptions { Md5Key = new string('k', 81) }, Throws.ArgumentException);
        Assert.That(() => new PeerTcpOptions { Md5Key = new string('k', 80) }, Throws.Nothing);
    }

    [Test]
    public void The_key_is_not_in_the_words_of_the_options() =>
        Assert.That(new PeerTcpOptions { Md5Key = "hidden" }.ToString(), Does.Not.Contain("hidden"));
}
