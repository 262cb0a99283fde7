using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

public sealed class OpenMessageTests
{
    private static readonly BgpIdentifier Identifier = BgpIdentifier.Parse("192.0.2.1");

    private static readonly Capability[] Capabilities =
    [
        new MultiprotocolCapability(AddressFamily.Vpnv4),
        new MultiprotocolCapability(AddressFamily.RouteTargetMembership),
        new RouteRefreshCapability(),
        new FourOctetAsCapability(new AsNumber(4200000001)),
        new GracefulRestartCapability(true, false, 120, [new(AddressFamily.Vpnv4, true)]),
    ];

    [Test]
    public void An_open_is_read_with_its_capabilities()
    {
        Assert.That(OpenMessage.TryDecode(GoldenMessages.Body(GoldenMessages.Open), out var open, out _), Is.True);
        Assert.That(open, Is.EqualTo(new OpenMessage(4, AsNumber.Trans, 90, Identifier, [.. Capabilities])));
        Assert.That(open!.AsNumber, Is.EqualTo(new AsNumber(4200000001)));
    }

    [Test]
    public void An_open_is_written_with_one_parameter()
    {
        var open = OpenMessage.Create(
            new AsNumber(65536),
            180,
            Identifier,
            [
                new MultiprotocolCapability(AddressFamily.L2VpnEvpn),
                new ExtendedMessageCapability(),
                new EnhancedRouteRefreshCapability(),
                new GracefulRestartCapability(false, true, 4095, []),
            ]
        );
        // Laid out by hand after RFC 4271 section 4.2, 4760, 8654, 7313, 8538 and 6793; read back without remark by tshark 4.0.
        const string expected =
            "ffffffffffffffffffffffffffffffff 0033 01 04 5ba0 00b4 c0000201 16 02 14 0104 00190046 0600 4600 4002 4fff 4104 00010000";

        Assert.That(Encoded(open), Is.EqualTo(GoldenMessages.Bytes(expected)));
    }

    [Test]
    public void Many_capabilities_take_the_form_with_largelengths()
    {
        var large = new UnknownCapability(200, [.. Enumerable.Range(0, 200).Select(i => (byte)i)]);
        var open = new OpenMessage(4, 64512, 90, Identifier, [large, large]);
        var bytes = Encoded(open);

        // RFC 9072 section 2.
        Assert.That(bytes[28..30], Is.EqualTo(new byte[] { 255, 255 }));
        Assert.That(OpenMessage.TryDecode(bytes.AsSpan(19), out var read, out _), Is.True);
        Assert.That(read, Is.EqualTo(open));
    }

    /// <summary>RFC 9072 section 2: the length in front of the first type is ignored when that is 255, and the total may be a short one.</summary>
    [TestCase("ff")]
    [TestCase("0c")]
    [TestCase("01")]
    public void The_form_with_large_lengths_is_taken_whatever_the_first_length(string length)
    {
        var body = GoldenMessages.Bytes($"04 fc00 005a c0000201 {length} ff 0009 02 0006 0104 00010080");

        Assert.That(OpenMessage.TryDecode(body, out var open, out _), Is.True);
        Assert.That(open!.Capabilities, Is.EqualTo(new[] { new MultiprotocolCapability(AddressFamily.Vpnv4) }));
    }

    [TestCase("03 fc00 005a c0000201 00", 1, "0004", TestName = "Another_version_is_refused_with_ours")]
    [TestCase("04 fc00 005a c0000201 02 0100", 4, "", TestName = "A_parameter_that_is_not_capabilities_is_refused")]
    [TestCase("04 fc00 005a c0000201 05 0203 0104", 0, "", TestName = "A_parameter_length_that_is_not_the_rest_is_refused")]
    [TestCase("04 fc00 005a c0000201 04 0202 0104", 0, "", TestName = "A_capability_behind_its_parameter_is_refused")]
    [TestCase("04 fc00 005a c0000201 02 ff00", 0, "", TestName = "A_large_length_of_one_octet_is_refused")]
    [TestCase("04 fc00 005a c0000201 ff ff0004 02 0006 01", 0, "", TestName = "A_parameter_beyond_the_large_length_is_refused")]
    [TestCase(
        "04 fc00 005a c0000201 ff ff0003 01 0000",
        4,
        "",
        TestName = "A_parameter_with_a_large_length_that_is_not_capabilities_is_refused"
    )]
    [TestCase("04 fc00 005a c0000201 00 ff0000", 0, "", TestName = "A_first_type_behind_a_length_of_0_is_refused")]
    public void A_malformed_open(string body, int subcode, string data)
    {
        Assert.That(OpenMessage.TryDecode(GoldenMessages.Bytes(body), out _, out var error), Is.False);
        Assert.That(error, Is.EqualTo(NotificationMessage.OpenError((OpenErrorSubcode)subcode, [.. Convert.FromHexString(data)])));
    }

    [Test]
    public void A_truncated_open_is_an_error_and_never_an_exception()
    {
        var body = GoldenMessages.Body(GoldenMessages.Open);
        for (var length = 10; length < body.Length; length++)
        {
            Assert.That(OpenMessage.TryDecode(body.AsSpan(0, length), out _, out _), Is.False, $"{length} bytes");
        }
    }

    private static byte[] Encoded(OpenMessage message)
    {
        var buffer = new byte[MessageFrame.MaxBytes];
        return buffer[..message.Encode(buffer)];
    }
}
