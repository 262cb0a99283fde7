using Fabric.Controller.Inspection;

namespace Fabric.Controller.Tests;

public sealed class CapabilityWordsTests
{
    /// <summary>draft-walton-bgp-hostname-capability section 2; the first is what FRR 8.4 says by default.</summary>
    [TestCase("0367773200", "gw2")]
    [TestCase("03677732076c61622e6f7267", "gw2.lab.org")]
    [TestCase("0467773200", "0467773200", Description = "longer than the value")]
    [TestCase("0367773201", "0367773201", Description = "a domain that is not there")]
    [TestCase("03677732", "03677732", Description = "no domain's length")]
    [TestCase("", "")]
    public void A_host_name_is_shown_as_such_and_what_is_none_as_octets(string value, string words)
    {
        var capability = Convert.FromHexString(value);
        byte[] open =
        [
            .. Enumerable.Repeat<byte>(0xff, 16),
            .. (byte[])[0, (byte)(33 + capability.Length), 1],
            .. (byte[])[4, 0xfc, 0, 0, 90, 192, 0, 2, 9, (byte)(4 + capability.Length), 2, (byte)(2 + capability.Length)],
            .. (byte[])[73, (byte)capability.Length, .. capability],
        ];

        var shown = CapabilityWords.Of([], open).Single();

        Assert.That((shown.Name, shown.Advertised, shown.Received), Is.EqualTo(("FQDN", (string?)null, words)));
    }
}
