using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

/// <summary>Faults of a message as a whole (RFC 7606), by section; <see cref="AttributeErrorTests"/> has those of each attribute. Each case is the path attributes of an UPDATE that announces 10.0.0.0/8.</summary>
public sealed class UpdateErrorTests
{
    private const string Origin = "40010100";
    private const string AsPath = "400200";
    private const string NextHop = "400304c0000201";
    private const string Good = Origin + AsPath + NextHop;

    [TestCase(Good, null, 0)]
    [TestCase("c0010100" + AsPath + NextHop, AttributeFault.TreatAsWithdraw, 1, TestName = "3_c_flags_that_conflict")]
    [TestCase(AsPath + NextHop, AttributeFault.TreatAsWithdraw, 1, TestName = "3_d_origin_missing")]
    [TestCase(Origin + AsPath, AttributeFault.TreatAsWithdraw, 3, TestName = "3_d_next_hop_missing")]
    [TestCase(Good + Origin, AttributeFault.Discard, 1, TestName = "3_g_the_first_of_two_counts")]
    [TestCase(Good + "800f03000180" + "800f03000180", AttributeFault.ResetSession, 15, TestName = "3_g_unreach_twice")]
    [TestCase(Good + "c0089000000000", AttributeFault.TreatAsWithdraw, 8, TestName = "4_an_attribute_beyond_the_rest")]
    [TestCase(Good + "c0", AttributeFault.TreatAsWithdraw, 0, TestName = "4_an_attribute_without_its_head")]
    [TestCase(Good + "800f020001", AttributeFault.ResetSession, 15, TestName = "7_12_unreach_too_short")]
    [TestCase(Good + "800e05000180" + "0300", AttributeFault.ResetSession, 14, TestName = "7_11_reach_with_a_next_hop_beyond_it")]
    [TestCase(Good + "800e08000180" + "0300000000", AttributeFault.DisableFamily, 14, TestName = "7_11_reach_with_a_next_hop_of_3_bytes")]
    [TestCase(Good + "800f05000180" + "2000", AttributeFault.DisableFamily, 15, TestName = "5_3_malformed_VPN_NLRI")]
    [TestCase(Good + "800f03000185", AttributeFault.Discard, 15, TestName = "a_family_that_was_not_negotiated")]
    [TestCase(Good + "40c80100", AttributeFault.ResetSession, 200, TestName = "an_unknown_well_known_attribute")]
    public void A_fault_has_the_approach_of_the_RFC(string attributes, AttributeFault? fault, int type)
    {
        var decoded = Decoded.Of(Body(attributes, "080a"));

        Assert.That(decoded.Fault?.Fault, Is.EqualTo(fault));
        Assert.That(decoded.Fault?.AttributeCode ?? 0, Is.EqualTo(type));
        var kept = fault is null or AttributeFault.Discard;
        Assert.That(decoded.Reachable, kept ? Is.EqualTo(new[] { "10.0.0.0/8" }) : Is.Empty);
        var goes = fault is AttributeFault.TreatAsWithdraw or AttributeFault.DisableFamily;
        Assert.That(decoded.Withdrawn, goes ? Is.EqualTo(new[] { "10.0.0.0/8" }) : Is.Empty);
    }

    // Section 5.2: the route that the attributes were for may be lost. An MP_REACH_NLRI of vpnv4 without routes is none.
    [TestCase("40010109")]
    [TestCase("800e11" + "000180" + "0c" + "0000000000000000c0000201" + "00" + "40010109")]
    public void A_fault_in_a_message_without_reachable_routes_resets_the_session(string attributes)
    {
        var decoded = Decoded.Of(Body(attributes, ""));

        Assert.That(decoded.Fault?.Fault, Is.EqualTo(AttributeFault.ResetSession));
        Assert.That(decoded.Fault!.Notification, Is.EqualTo(NotificationMessage.UpdateError(UpdateErrorSubcode.MalformedAttributeList)));
    }

    // Section 5.2, too: the routes may have stood in what is cut off. Beside an empty MP_UNREACH_NLRI of vpnv4, that is no End-of-RIB.
    [TestCase("c0089000000000")]
    [TestCase("800f03000180" + "c0089000000000")]
    public void An_attribute_beyond_the_rest_in_a_message_without_reachable_routes_resets_the_session(string attributes)
    {
        var decoded = Decoded.Of(Body(attributes, ""));

        Assert.That(decoded.Fault?.Fault, Is.EqualTo(AttributeFault.ResetSession));
        Assert.That(decoded.EndOfRib, Is.Null);
    }

    // RFC 4760 section 3: the next hop is that of MP_REACH_NLRI; some speakers leave a NEXT_HOP of zeros beside it.
    [TestCase("40030400000000")]
    [TestCase("400303c00002")]
    public void Next_hop_beside_MP_REACH_NLRI_alone_is_ignored(string nextHop)
    {
        const string reach = "800e1e" + "00020110" + "20010db8000000000000000000000001" + "00" + "4020010db800000002";

        var decoded = Decoded.Of(Body(reach + Origin + AsPath + nextHop, ""));

        Assert.That(decoded.Fault, Is.Null);
        Assert.That(decoded.Reachable, Is.EqualTo(new[] { "2001:db8:0:2::/64" }));
        Assert.That(decoded.Attributes!.NextHop, Is.EqualTo(IpAddress.Parse("2001:db8::1")));
    }

    [Test]
    public void What_is_withdrawn_beside_a_family_that_is_disabled_is_withdrawn()
    {
        // 10.0.0.0/8 as a withdrawn route, and MP_REACH_NLRI of vpnv4 with a next hop of three octets.
        var decoded = Decoded.Of([0, 2, 8, 10, 0, 11, .. Convert.FromHexString("800e0800018003" + "00000000")]);

        Assert.That(decoded.Fault?.Family, Is.EqualTo(AddressFamily.Vpnv4));
        Assert.That(decoded.Withdrawn, Is.EqualTo(new[] { "10.0.0.0/8" }));
    }

    [Test]
    public void Two_families_that_cannot_be_read_reset_the_session()
    {
        // MP_UNREACH_NLRI of vpnv6 with an NLRI of 32 bits, and MP_REACH_NLRI of vpnv4 with a next hop of three octets.
        var decoded = Decoded.Of(Body("800f05000280" + "2000" + "800e08000180" + "0300000000", ""));

        Assert.That(decoded.Fault?.Notification, Is.EqualTo(NotificationMessage.UpdateError(UpdateErrorSubcode.OptionalAttributeError)));
    }

    [Test]
    public void A_malformed_prefix_resets_the_session()
    {
        Assert.That(
            Decoded.Of(Body(Good, "210a0000000" + "0")).Fault?.Notification,
            Is.EqualTo(NotificationMessage.UpdateError(UpdateErrorSubcode.InvalidNetworkField))
        );
    }

    [Test]
    public void Unknown_optional_transitive_attributes_are_kept_as_partial_and_others_dropped()
    {
        var decoded = Decoded.Of(Body(Good + "c0f101aa" + "80f201bb", "080a"));

        Assert.That(decoded.Attributes!.Unknown, Is.EqualTo(new[] { new UnknownAttribute(0xE0, 241, [0xAA]) }));
    }

    // RFC 4271 section 5: AGGREGATOR, communities of all kinds and ONLY_TO_CUSTOMER that a speaker before has passed on unread.
    [TestCase("e00708" + "0000fdf2c0000201")]
    [TestCase("e00804" + "fde80001")]
    [TestCase("e01008" + "0002fc0000000064")]
    [TestCase("e0200c" + "00030d400000000100000002")]
    [TestCase("e02304" + "0000fdf2")]
    public void The_partial_bit_of_an_attribute_that_is_known_stays(string attribute)
    {
        var attributes = Decoded.Of(Body(Good + attribute, "080a")).Attributes!;

        Assert.That(Convert.ToHexStringLower(StoredAttributes.Write(attributes)), Does.EndWith(attribute));
        Assert.That(StoredAttributes.Read(StoredAttributes.Write(attributes)), Is.EqualTo(attributes));
    }

    // RFC 6793 section 4.2.3: AS_PATH 23456 and a partial AS4_PATH 4200000001, from a speaker of two octets; the same path is written anew for another.
    [Test]
    public void What_is_merged_into_another_attribute_leaves_its_partial_bit_behind()
    {
        const string attributes = Origin + "40020402015ba0" + NextHop + "e011060201fa56ea01";

        var decoded = Decoded.Of(Body(attributes, "080a"), Decoded.External with { FourOctetAs = false });

        Assert.That(decoded.Attributes!.AsPath.ToString(), Is.EqualTo("4200000001"));
        Assert.That(decoded.Attributes.Partial, Is.Empty);
    }

    [Test]
    public void Paths_of_two_octets_are_completed_by_AS4_PATH()
    {
        // RFC 6793 section 4.2.3: AS_PATH 64500 23456 64501 and AS4_PATH 4200000001 64501.
        const string attributes = Origin + "4002080203fbf45ba0fbf5" + NextHop + "c0110a0202fa56ea010000fbf5";

        var decoded = Decoded.Of(Body(attributes, "080a"), Decoded.External with { FourOctetAs = false });

        Assert.That(decoded.Attributes!.AsPath.ToString(), Is.EqualTo("64500 4200000001 64501"));
    }

    [Test]
    public void Leading_confederation_segments_stay_in_front_of_AS4_PATH()
    {
        // RFC 6793 section 4.2.3: AS_PATH (65010) 23456 and AS4_PATH 4200000001, which covers all but the segment of the confederation.
        const string attributes = Origin + "4002080301fdf202015ba0" + NextHop + "c011060201fa56ea01";

        var decoded = Decoded.Of(Body(attributes, "080a"), Decoded.Internal with { FourOctetAs = false });

        Assert.That(
            decoded.Attributes!.AsPath.Segments.Select(s => (s.Type, s.Numbers[0].Value)),
            Is.EqualTo([(AsPathSegmentType.ConfederationSequence, 65010u), (AsPathSegmentType.Sequence, 4200000001u)])
        );
    }

    [Test]
    public void A_path_of_two_octets_that_is_longer_than_an_attribute_in_four_is_treated_as_withdrawn()
    {
        // An extended message (RFC 8654) with an AS_PATH of 100 sequences of 255 numbers, 51,200 octets.
        var segment = "02ff" + string.Concat(Enumerable.Repeat("fbf4", 255));
        var path = "5002c800" + string.Concat(Enumerable.Repeat(segment, 100));

        var decoded = Decoded.Of(Body(Origin + path + NextHop, "080a"), Decoded.External with { FourOctetAs = false });

        Assert.That(
            (decoded.Fault?.Fault, decoded.Fault?.AttributeCode),
            Is.EqualTo((AttributeFault.TreatAsWithdraw, (byte)AttributeType.AsPath))
        );
        Assert.That(decoded.Withdrawn, Is.EqualTo(new[] { "10.0.0.0/8" }));
    }

    private static byte[] Body(string attributes, string nlri)
    {
        var bytes = Convert.FromHexString(attributes);
        return [0, 0, (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes, .. Convert.FromHexString(nlri)];
    }
}
