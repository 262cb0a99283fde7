using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>
/// Every attribute's forms, with what each comes to from a neighbour of our AS and of another: nothing, or the approach of RFC 7606.
/// The attribute stands in an UPDATE that announces 10.0.0.0/8 and is right otherwise.
/// </summary>
public sealed class AttributeErrorTests
{
    private const AttributeFault Discard = AttributeFault.Discard;
    private const AttributeFault Withdraw = AttributeFault.TreatAsWithdraw;
    private const AttributeFault Disable = AttributeFault.DisableFamily;
    private const AttributeFault Reset = AttributeFault.ResetSession;

    private static readonly Row[] Rows =
    [
        new(AttributeType.Origin, "40 01 01 02", null, null, "RFC 4271 section 5.1.1"),
        new(AttributeType.Origin, "40 01 02 0000", Withdraw, Withdraw, "RFC 7606 section 7.1, length"),
        new(AttributeType.Origin, "40 01 01 03", Withdraw, Withdraw, "RFC 7606 section 7.1, value"),
        new(AttributeType.Origin, "c0 01 01 00", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.AsPath, "40 02 0a 0202 0000fc00 fa56ea01", null, null, "RFC 4271 section 5.1.2"),
        new(AttributeType.AsPath, "40 02 03 0202 00", Withdraw, Withdraw, "RFC 7606 section 7.2, a segment overruns"),
        new(AttributeType.AsPath, "40 02 01 02", Withdraw, Withdraw, "RFC 7606 section 7.2, an octet is left"),
        new(AttributeType.AsPath, "40 02 02 0200", Withdraw, Withdraw, "RFC 7606 section 7.2, a segment without numbers"),
        new(AttributeType.AsPath, "40 02 06 0501 0000fc00", Withdraw, Withdraw, "RFC 7606 section 7.2, an unknown segment"),
        new(AttributeType.AsPath, "40 02 06 0201 00000000", Withdraw, Withdraw, "RFC 7607 section 2"),
        new(AttributeType.AsPath, "40 02 06 0301 0000fc00", null, Withdraw, "RFC 5065 section 5, a sequence"),
        new(AttributeType.AsPath, "40 02 06 0401 0000fc00", null, Withdraw, "RFC 5065 section 5, a set"),
        new(AttributeType.AsPath, "80 02 00", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.NextHop, "40 03 04 c0000207", null, null, "RFC 4271 section 5.1.3"),
        new(AttributeType.NextHop, "40 03 03 c00002", Withdraw, Withdraw, "RFC 7606 section 7.3"),
        new(AttributeType.NextHop, "40 03 04 00000000", Withdraw, Withdraw, "RFC 4271 section 6.3, zeros"),
        new(AttributeType.NextHop, "40 03 04 e0000001", Withdraw, Withdraw, "RFC 4271 section 6.3, a group"),
        new(AttributeType.NextHop, "c0 03 04 c0000201", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.MultiExitDisc, "80 04 04 00000000", null, null, "RFC 4271 section 5.1.4"),
        new(AttributeType.MultiExitDisc, "80 04 03 000000", Withdraw, Withdraw, "RFC 7606 section 7.4"),
        new(AttributeType.MultiExitDisc, "c0 04 04 00000000", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.LocalPref, "40 05 04 000000c8", null, Discard, "RFC 7606 section 7.5"),
        new(AttributeType.LocalPref, "40 05 05 0000000000", Withdraw, Discard, "RFC 7606 section 7.5, length"),
        new(AttributeType.LocalPref, "c0 05 04 000000c8", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.AtomicAggregate, "40 06 00", null, null, "RFC 4271 section 5.1.6"),
        new(AttributeType.AtomicAggregate, "40 06 01 00", Discard, Discard, "RFC 7606 section 7.6"),
        new(AttributeType.AtomicAggregate, "c0 06 00", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.Aggregator, "c0 07 08 0000fc00 c0000201", null, null, "RFC 4271 section 5.1.7"),
        new(AttributeType.Aggregator, "c0 07 06 fc00 c0000201", Discard, Discard, "RFC 7606 section 7.7"),
        new(AttributeType.Aggregator, "c0 07 08 00000000 c0000201", Discard, Discard, "RFC 7607 section 2"),
        new(AttributeType.Aggregator, "40 07 08 0000fc00 c0000201", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.Communities, "c0 08 04 ffffff01", null, null, "RFC 1997"),
        new(AttributeType.Communities, "c0 08 03 ffffff", Withdraw, Withdraw, "RFC 7606 section 7.8, length"),
        new(AttributeType.Communities, "c0 08 00", Withdraw, Withdraw, "RFC 7606 section 7.8, none"),
        new(AttributeType.Communities, "80 08 04 ffffff01", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.OriginatorId, "80 09 04 c0000201", null, Discard, "RFC 7606 section 7.9"),
        new(AttributeType.OriginatorId, "80 09 03 c00002", Withdraw, Discard, "RFC 7606 section 7.9, length"),
        new(AttributeType.OriginatorId, "c0 09 04 c0000201", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.ClusterList, "80 0a 08 c0000201 c0000202", null, Discard, "RFC 7606 section 7.10"),
        new(AttributeType.ClusterList, "80 0a 06 c0000201 c000", Withdraw, Discard, "RFC 7606 section 7.10, length"),
        new(AttributeType.ClusterList, "80 0a 00", Withdraw, Discard, "RFC 7606 section 7.10, none"),
        new(AttributeType.ClusterList, "c0 0a 04 c0000201", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.MpReachNlri, "80 0e 15 0002 01 10 20010db8000000000000000000000001 00", null, null, "RFC 2545 section 3"),
        new(
            AttributeType.MpReachNlri,
            "80 0e 15 0002 01 10 00000000000000000000000000000001 00",
            Withdraw,
            Withdraw,
            "RFC 4271 section 6.3, loopback"
        ),
        new(
            AttributeType.MpReachNlri,
            "80 0e 15 0002 01 10 00000000000000000000000000000000 00",
            Withdraw,
            Withdraw,
            "RFC 4271 section 6.3, zeros"
        ),
        new(
            AttributeType.MpReachNlri,
            "80 0e 15 0002 01 10 ff020000000000000000000000000001 00",
            Withdraw,
            Withdraw,
            "RFC 4271 section 6.3, a group"
        ),
        new(AttributeType.MpReachNlri, "80 0e 04 000180 00", Reset, Reset, "RFC 7606 section 5.3, too short"),
        new(AttributeType.MpReachNlri, "80 0e 05 000180 0400", Reset, Reset, "RFC 7606 section 7.11, next hop overruns"),
        new(AttributeType.MpReachNlri, "80 0e 08 000180 03 000000 00", Disable, Disable, "RFC 7606 section 7.11, next hop length"),
        new(AttributeType.MpUnreachNlri, "80 0f 02 0001", Reset, Reset, "RFC 7606 section 7.12, too short"),
        new(AttributeType.MpUnreachNlri, "80 0f 05 000180 2000", Disable, Disable, "RFC 7606 section 5.3"),
        new(AttributeType.ExtendedCommunities, "c0 10 08 0002fc0000000064", null, null, "RFC 4360"),
        new(AttributeType.ExtendedCommunities, "c0 10 04 00020000", Withdraw, Withdraw, "RFC 7606 section 7.14, length"),
        new(AttributeType.ExtendedCommunities, "c0 10 00", Withdraw, Withdraw, "RFC 7606 section 7.14, none"),
        new(AttributeType.ExtendedCommunities, "80 10 08 0002fc0000000064", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.As4Path, "c0 11 06 0201 fa56ea01", null, null, "RFC 6793 section 3"),
        new(AttributeType.As4Path, "c0 11 06 0301 fa56ea01", null, null, "RFC 6793 section 3, confederation segments are left out"),
        new(AttributeType.As4Path, "c0 11 05 0201 fa56ea", Discard, Discard, "RFC 6793 section 6, length"),
        new(AttributeType.As4Path, "c0 11 06 0501 fa56ea01", Discard, Discard, "RFC 6793 section 6, an unknown segment"),
        new(AttributeType.As4Path, "c0 11 06 0201 00000000", Discard, Discard, "RFC 7607 section 2"),
        new(AttributeType.As4Path, "40 11 06 0201 fa56ea01", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.As4Aggregator, "c0 12 08 fa56ea01 c0000201", null, null, "RFC 6793 section 3"),
        new(AttributeType.As4Aggregator, "c0 12 06 fa56 c0000201", Discard, Discard, "RFC 6793 section 6"),
        new(AttributeType.As4Aggregator, "c0 12 08 00000000 c0000201", Discard, Discard, "RFC 7607 section 2"),
        new(AttributeType.As4Aggregator, "40 12 08 fa56ea01 c0000201", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.PmsiTunnel, "c0 16 09 00 06 000191 c0000209", null, null, "RFC 6514 section 5"),
        new(AttributeType.PmsiTunnel, "c0 16 05 00 00 000000", null, null, "RFC 6514 section 5, no tunnel"),
        new(AttributeType.PmsiTunnel, "c0 16 04 00 06 0001", Withdraw, Withdraw, "RFC 6514 section 5, too short"),
        new(AttributeType.PmsiTunnel, "c0 16 08 00 06 000191 c00002", Withdraw, Withdraw, "RFC 6514 section 5, no address"),
        new(AttributeType.PmsiTunnel, "80 16 05 00 00 000000", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.TunnelEncapsulation, "c0 17 10 0008 000c 060a 00000000 0001 0a070909", null, null, "RFC 9012 section 2"),
        new(AttributeType.TunnelEncapsulation, "c0 17 0c fffe 0008 0606 00000000 0000", null, null, "RFC 9012 section 13, an unknown type"),
        new(
            AttributeType.TunnelEncapsulation,
            "c0 17 12 0008 0008 0606 00000000 0000 000d 0002 0600",
            Discard,
            Discard,
            "RFC 9012 section 13, one tunnel without an endpoint"
        ),
        new(AttributeType.TunnelEncapsulation, "c0 17 06 0008 0002 0600", Withdraw, Withdraw, "RFC 9012 section 13, no tunnel is left"),
        new(
            AttributeType.TunnelEncapsulation,
            "c0 17 0f 0008 000b 0606 00000000 0000 0402 c0",
            Withdraw,
            Withdraw,
            "RFC 9012 section 13, a sub-TLV overruns"
        ),
        new(
            AttributeType.TunnelEncapsulation,
            "c0 17 0f 0008 000b 0606 00000000 0000 80 0001",
            Withdraw,
            Withdraw,
            "RFC 9012 section 13, a long sub-TLV overruns"
        ),
        new(
            AttributeType.TunnelEncapsulation,
            "c0 17 08 0008 0005 0402 c000",
            Withdraw,
            Withdraw,
            "RFC 9012 section 13, a tunnel overruns"
        ),
        new(AttributeType.TunnelEncapsulation, "c0 17 03 0008 00", Withdraw, Withdraw, "RFC 9012 section 13, cut"),
        new(AttributeType.TunnelEncapsulation, "c0 17 00", Withdraw, Withdraw, "RFC 9012 section 13, none"),
        new(AttributeType.TunnelEncapsulation, "80 17 04 0008 0000", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.Ipv6ExtendedCommunities, "c0 19 14 0002 20010db8000000000000000000000001 0064", null, null, "RFC 5701"),
        new(AttributeType.Ipv6ExtendedCommunities, "c0 19 08 0002fc0000000064", Withdraw, Withdraw, "RFC 7606 section 7.15"),
        new(AttributeType.Ipv6ExtendedCommunities, "c0 19 00", Withdraw, Withdraw, "RFC 7606 section 7.15, none"),
        new(AttributeType.Ipv6ExtendedCommunities, "80 19 00", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.LargeCommunities, "c0 20 0c 0000fc00 00000001 00000002", null, null, "RFC 8092"),
        new(AttributeType.LargeCommunities, "c0 20 08 0000fc00 00000001", Withdraw, Withdraw, "RFC 8092 section 6, length"),
        new(AttributeType.LargeCommunities, "c0 20 00", Withdraw, Withdraw, "RFC 8092 section 6, none"),
        new(AttributeType.LargeCommunities, "80 20 0c 0000fc00 00000001 00000002", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.OnlyToCustomer, "c0 23 04 0000fc00", null, null, "RFC 9234 section 5"),
        new(AttributeType.OnlyToCustomer, "c0 23 02 fc00", Withdraw, Withdraw, "RFC 9234 section 5, length"),
        new(AttributeType.OnlyToCustomer, "80 23 04 0000fc00", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
        new(AttributeType.PrefixSid, "c0 28 0a 01 0007 00 0000 00000064", null, Discard, "RFC 8669 section 4"),
        new(AttributeType.PrefixSid, "c0 28 09 01 0006 00 0000 000064", Discard, Discard, "RFC 8669 section 6, label index"),
        new(AttributeType.PrefixSid, "c0 28 0a 03 0007 0000 0003e8 0000", Discard, Discard, "RFC 8669 section 6, SRGB"),
        new(AttributeType.PrefixSid, "c0 28 04 05 0002 00", Discard, Discard, "RFC 8669 section 6, a TLV overruns"),
        new(AttributeType.PrefixSid, "c0 28 00", Discard, Discard, "RFC 8669 section 6, none"),
        new(AttributeType.PrefixSid, "80 28 0a 01 0007 00 0000 00000064", Withdraw, Withdraw, "RFC 7606 section 3 (c)"),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        Rows.Select(row => new TestCaseData(row).SetArgDisplayNames($"{row.Type}, {row.Section}"));

    [TestCaseSource(nameof(Cases))]
    public void A_form_has_the_outcome_of_its_RFC(Row row)
    {
        Check(row, Decoded.Internal, row.Internal);
        Check(row, Decoded.External, row.External);
    }

    [Test]
    public void Every_attribute_is_in_the_table() =>
        Assert.That(Rows.Select(r => r.Type).Distinct(), Is.EquivalentTo(Enum.GetValues<AttributeType>()));

    private static void Check(Row row, UpdateContext context, AttributeFault? expected)
    {
        // AS4_PATH and AS4_AGGREGATOR say something between speakers of two octets alone.
        var isOld = row.Type is AttributeType.As4Path or AttributeType.As4Aggregator;
        var decoded = Decoded.Of(row.Body(), context with { FourOctetAs = !isOld });

        Assert.That(decoded.Fault?.Fault, Is.EqualTo(expected), context.IsInternal ? "from our AS" : "from another AS");
        Assert.That(decoded.Fault?.AttributeCode, Is.EqualTo(expected is null ? null : (byte?)row.Type));
        string[] prefix = ["10.0.0.0/8"];
        Assert.That(decoded.Reachable, expected is null or Discard ? Is.EqualTo(prefix) : Is.Empty);
        Assert.That(decoded.Withdrawn, expected is Withdraw or Disable ? Is.EqualTo(prefix) : Is.Empty);
    }

    public sealed record Row(AttributeType Type, string Attribute, AttributeFault? Internal, AttributeFault? External, string Section)
    {
        private static readonly (AttributeType Type, string Attribute)[] s_mandatory =
        [
            (AttributeType.Origin, "40 01 01 00"),
            (AttributeType.AsPath, "40 02 00"),
            (AttributeType.NextHop, "40 03 04 c0000201"),
        ];

        public byte[] Body()
        {
            var others = s_mandatory.Where(a => a.Type != Type).Select(a => a.Attribute);
            var attributes = GoldenMessages.Bytes(string.Concat(others) + Attribute);
            return [0, 0, 0, (byte)attributes.Length, .. attributes, 8, 10];
        }
    }
}
