using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

public sealed class PathIdentifiersTests
{
    private static readonly PathAttributes s_attributes = new() { NextHop = IpAddress.Parse("192.0.2.9") };

    [TestCase("ipv4", "ipv4", true)]
    [TestCase("ipv4", "vpnv4", false)]
    [TestCase("ipv6", "ipv6", true)]
    [TestCase("ipv6", "ipv4", false)]
    [TestCase("ipv6", "", false)]
    public void An_update_has_them_where_the_session_agreed_on_them_for_its_family(string spoken, string agreed, bool expected)
    {
        var context = Context(agreed);

        Assert.That(PathIdentifiers.AreIn(Announcement(spoken), context), Is.EqualTo(expected));
        Assert.That(PathIdentifiers.AreIn(Withdrawal(spoken), context), Is.EqualTo(expected));
    }

    [Test]
    public void A_message_that_ends_too_early_has_none_and_is_not_read_beyond()
    {
        var whole = Announcement("ipv6");
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.That(PathIdentifiers.AreIn(whole.AsSpan(0, length).ToArray(), Context("ipv6")), Is.False);
        }
    }

    private static UpdateContext Context(string agreed) =>
        new(FourOctetAs: true, IsInternal: true, [Family("ipv4"), Family("ipv6"), Family("vpnv4")])
        {
            AddPathFamilies = agreed.Length == 0 ? [] : [Family(agreed)],
        };

    private static byte[] Announcement(string family)
    {
        var output = new ArrayBufferWriter<byte>();
        UpdatePacker.Advertise<PathNlri<PrefixNlri>>(
            Family(family),
            s_attributes,
            [Route(family)],
            new UpdateEncoding(true, false),
            output
        );
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Withdrawal(string family)
    {
        var output = new ArrayBufferWriter<byte>();
        UpdatePacker.Withdraw<PathNlri<PrefixNlri>>(Family(family), [Route(family)], new UpdateEncoding(true, false), output);
        return output.WrittenSpan.ToArray();
    }

    private static PathNlri<PrefixNlri> Route(string family) =>
        new(7, new PrefixNlri(IpPrefix.Parse(family == "ipv4" ? "10.1.0.0/16" : "2001:db8::/32")));

    private static AddressFamily Family(string name) =>
        AddressFamily.TryParse(name, out var family) ? family : throw new ArgumentException(name);
}
