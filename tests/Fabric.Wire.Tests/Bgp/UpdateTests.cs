using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

public sealed class UpdateTests
{
    private static readonly AsPath Path = new([
        new AsPathSegment(AsPathSegmentType.Sequence, [new AsNumber(64512), new AsNumber(4200000001)]),
    ]);

    private static readonly PathAttributes Ipv4Attributes = new()
    {
        AsPath = Path,
        NextHop = IpAddress.Parse("192.0.2.1"),
        MultiExitDisc = 50,
        LocalPref = 200,
        Communities = [0xFFFFFF01],
    };

    [Test]
    public void Ipv4_prefixes_are_read_withdrawals_first()
    {
        var decoded = Decoded.Of(GoldenMessages.Body(GoldenMessages.Ipv4Update));

        Assert.That(decoded.Fault, Is.Null);
        Assert.That(decoded.Withdrawn, Is.EqualTo(new[] { "198.51.100.0/24" }));
        Assert.That(decoded.Reachable, Is.EqualTo(new[] { "10.1.0.0/16", "10.2.3.4/32" }));
        Assert.That(decoded.Attributes, Is.EqualTo(Ipv4Attributes));
    }

    [Test]
    public void Ipv4_prefixes_are_written_into_the_messages_own_fields()
    {
        var output = new ArrayBufferWriter<byte>();
        PrefixNlri[] routes = [new(IpPrefix.Parse("10.1.0.0/16")), new(IpPrefix.Parse("10.2.3.4/32"))];

        UpdatePacker.Advertise<PrefixNlri>(AddressFamily.Ipv4Unicast, Ipv4Attributes, routes, new(true, false), output);

        // The golden message without its withdrawal.
        var golden = Convert
            .ToHexStringLower(GoldenMessages.Bytes(GoldenMessages.Ipv4Update))
            .Replace("0050020004" + "18c63364", "004c020000", StringComparison.Ordinal);
        Assert.That(Convert.ToHexStringLower(output.WrittenSpan), Is.EqualTo(golden));
    }

    [Test]
    public void Vpn_routes_of_one_attribute_set_share_a_message_with_a_label_each()
    {
        var attributes = new PathAttributes
        {
            NextHop = IpAddress.Parse("192.0.2.9"),
            LocalPref = 100,
            ExtendedCommunities = [RouteTarget.FromAs(new AsNumber(64512), 8000001).Community, ExtendedCommunity.Encapsulation(2)],
        };
        VpnNlri[] routes = [Vpn("10.1.0.3/32", 25), Vpn("10.1.0.0/24", 26)];
        var output = new ArrayBufferWriter<byte>();

        var outcome = UpdatePacker.Advertise<VpnNlri>(AddressFamily.Vpnv4, attributes, routes, new(true, false), output);

        Assert.That(outcome, Is.EqualTo(new PackOutcome(1, 0)));
        Assert.That(Convert.ToHexStringLower(output.WrittenSpan), Is.EqualTo(Hex(GoldenMessages.Vpnv4Update)));
        var decoded = Decoded.Of(output.WrittenSpan[19..]);
        Assert.That(decoded.Labels, Is.EqualTo(new uint[] { 25, 26 }));
        Assert.That(decoded.Attributes, Is.EqualTo(attributes));
    }

    [Test]
    public void A_membership_is_written_with_the_origin_as_and_the_target()
    {
        var output = new ArrayBufferWriter<byte>();
        RouteTargetMembershipNlri[] routes =
        [
            RouteTargetMembershipNlri.For(new AsNumber(64512), RouteTarget.FromAs(new AsNumber(64512), 8000001)),
            RouteTargetMembershipNlri.Default,
        ];
        var attributes = new PathAttributes { NextHop = IpAddress.Parse("192.0.2.9"), LocalPref = 100 };

        UpdatePacker.Advertise<RouteTargetMembershipNlri>(
            AddressFamily.RouteTargetMembership,
            attributes,
            routes,
            new(true, false),
            output
        );

        Assert.That(Convert.ToHexStringLower(output.WrittenSpan), Is.EqualTo(Hex(GoldenMessages.MembershipUpdate)));
        Assert.That(Decoded.Of(output.WrittenSpan[19..]).Reachable, Is.EqualTo(new[] { "64512:target:64512:8000001/96", "default" }));
    }

    // RFC 4724 section 2.
    [TestCase("ipv4", "0017 02 0000 0000")]
    [TestCase("vpnv4", "001e 02 0000 0007 90 0f 0003 0001 80")]
    [TestCase("rtc", "001e 02 0000 0007 90 0f 0003 0001 84")]
    public void End_of_rib_is_an_empty_update(string name, string hex)
    {
        Assert.That(AddressFamily.TryParse(name, out var family), Is.True);
        var output = new ArrayBufferWriter<byte>();

        UpdatePacker.EndOfRib(family, output);

        Assert.That(Convert.ToHexStringLower(output.WrittenSpan[16..]), Is.EqualTo(Hex(hex)));
        Assert.That(Decoded.Of(output.WrittenSpan[19..]).EndOfRib, Is.EqualTo(family));
    }

    [Test]
    public void About_250_withdrawals_of_host_routes_share_a_message()
    {
        var routes = Enumerable.Range(0, 1000).Select(i => Vpn($"10.1.{i / 250}.{i % 250}/32", 30)).ToArray();
        var output = new ArrayBufferWriter<byte>();

        var outcome = UpdatePacker.Withdraw<VpnNlri>(AddressFamily.Vpnv4, routes, new(true, false), output);

        Assert.That(outcome.Messages, Is.EqualTo(4));
        var first = MessageFrame.Read(output.WrittenSpan, extendedMessages: false);
        Assert.That(Decoded.Of(first.Body).Withdrawn, Has.Count.EqualTo(254));
    }

    [Test]
    public void A_route_whose_attributes_fill_a_message_is_not_sent()
    {
        var attributes = Ipv4Attributes with { Communities = [.. Enumerable.Range(0, 1100).Select(i => (uint)i)] };
        VpnNlri[] routes = [Vpn("10.1.0.3/32", 25)];
        var output = new ArrayBufferWriter<byte>();

        Assert.That(
            UpdatePacker.Advertise<VpnNlri>(AddressFamily.Vpnv4, attributes, routes, new(true, false), output),
            Is.EqualTo(new PackOutcome(0, 1))
        );
        Assert.That(
            UpdatePacker.Advertise<VpnNlri>(AddressFamily.Vpnv4, attributes, routes, new(true, true), output),
            Is.EqualTo(new PackOutcome(1, 0))
        );
    }

    [Test]
    public void Attributes_that_came_before_are_not_decoded_again_and_memory_is_bounded()
    {
        var interner = new AttributeInterner(capacity: 2);
        var decoder = new UpdateDecoder(interner, Decoded.Internal);
        foreach (var med in new uint[] { 1, 2, 3, 4, 5, 5, 4, 1 })
        {
            var output = new ArrayBufferWriter<byte>();
            VpnNlri[] routes = [Vpn("10.1.0.3/32", med)];
            UpdatePacker.Advertise<VpnNlri>(
                AddressFamily.Vpnv4,
                // An aggregator makes them none of those that are taken as they are.
                Ipv4Attributes with
                {
                    MultiExitDisc = med,
                    Aggregator = new(new AsNumber(64512), IpAddress.Parse("192.0.2.9")),
                },
                routes,
                new(true, false),
                output
            );
            decoder.Decode(output.WrittenSpan[19..]);
        }

        Assert.That((interner.Hits, interner.Misses), Is.EqualTo((2L, 6L)));
        Assert.That(interner.Count, Is.LessThanOrEqualTo(4));
    }

    private static VpnNlri Vpn(string prefix, uint label) =>
        new(RouteDistinguisher.Parse("192.0.2.9:1"), IpPrefix.Parse(prefix), new MplsLabel(label));

    private static string Hex(string text) => text.Replace(" ", "", StringComparison.Ordinal);
}
