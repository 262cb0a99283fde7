using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

public sealed class CapabilityTests
{
    [TestCaseSource(nameof(Golden))]
    public void A_capability_is_read_and_written(string value, Capability expected)
    {
        var bytes = GoldenMessages.Bytes(value);
        var written = new byte[expected.ValueBytes];
        expected.WriteValue(written);

        Assert.That(Capability.Decode(expected.Code, bytes), Is.EqualTo(expected));
        Assert.That(written, Is.EqualTo(bytes));
    }

    [TestCaseSource(nameof(Golden))]
    public void A_capability_cut_anywhere_is_never_an_exception(string value, Capability expected)
    {
        var bytes = GoldenMessages.Bytes(value);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.That(Capability.Decode(expected.Code, bytes.AsSpan(0, length)), Is.Not.EqualTo(expected));
        }
    }

    [TestCase(AddPathCapability.CodeValue, "00010180 00010100", TestName = "ADD_PATH_with_a_mode_that_is_not_assigned_is_not_understood")]
    [TestCase(AddPathCapability.CodeValue, "000101", TestName = "ADD_PATH_of_a_wrong_length_is_not_understood")]
    [TestCase(RoleCapability.CodeValue, "0304", TestName = "A_role_of_two_octets_is_not_understood")]
    [TestCase(ExtendedNextHopCapability.CodeValue, "0001008000", TestName = "An_extended_next_hop_of_a_wrong_length_is_not_understood")]
    [TestCase(LongLivedGracefulRestartCapability.CodeValue, "000180800000", TestName = "LLGR_of_a_wrong_length_is_not_understood")]
    public void A_value_of_another_form(byte code, string value)
    {
        var bytes = GoldenMessages.Bytes(value);

        Assert.That(Capability.Decode(code, bytes), Is.EqualTo(new UnknownCapability(code, [.. bytes])));
    }

    [Test]
    public void Of_several_restart_capabilities_the_last_counts()
    {
        // RFC 4724 section 3, RFC 9494 section 3.1.
        var open = new OpenMessage(
            4,
            64512,
            90,
            default,
            [new GracefulRestartCapability(true, false, 120, []), new GracefulRestartCapability(false, false, 60, [])]
        );

        Assert.That(open.Find<GracefulRestartCapability>()!.RestartSeconds, Is.EqualTo(60));
    }

    private static IEnumerable<TestCaseData> Golden()
    {
        // Values that FRR 8.4, GoBGP 3.10 and BIRD 2.0 send in GoldenMessages; the others are laid out after the RFCs, ADD-PATH read so by tshark 4.0.
        yield return Case(
            "LLGR_as_FRR_sends_it",
            "0001 80 80 000000",
            new LongLivedGracefulRestartCapability([new(AddressFamily.Vpnv4, true, 0)])
        );
        yield return Case(
            "LLGR_of_two_families_with_times",
            "0001 80 80 015180 0002 80 00 ffffff",
            new LongLivedGracefulRestartCapability([new(AddressFamily.Vpnv4, true, 86400), new(AddressFamily.Vpnv6, false, 0xFFFFFF)])
        );
        yield return Case(
            "ADD_PATH_as_FRR_sends_it",
            "0001 80 01",
            new AddPathCapability([new(AddressFamily.Vpnv4, AddPathModes.Receive)])
        );
        yield return Case(
            "ADD_PATH_both_ways_and_sending",
            "0001 01 03 0002 01 02",
            new AddPathCapability([new(AddressFamily.Ipv4Unicast, AddPathModes.Both), new(AddressFamily.Ipv6Unicast, AddPathModes.Send)])
        );
        yield return Case(
            "Extended_next_hops_as_GoBGP_sends_them",
            "0001 0080 0002 0001 0084 0002",
            new ExtendedNextHopCapability([new(AddressFamily.Vpnv4, 2), new(AddressFamily.RouteTargetMembership, 2)])
        );
        yield return Case("The_role_of_a_customer", "03", new RoleCapability(BgpRole.Customer));
        yield return Case("The_role_of_a_provider", "00", new RoleCapability(BgpRole.Provider));
    }

    private static TestCaseData Case(string name, string value, Capability expected) =>
        new TestCaseData(value, expected).SetArgDisplayNames(name);
}
