using System.Buffers;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Wire.Tests.Bgp;

internal sealed class StoredAttributesTests
{
    private static readonly PathAttributes Full = new()
    {
        Origin = Origin.Egp,
        AsPath = new AsPath([new AsPathSegment(AsPathSegmentType.Sequence, [new AsNumber(64513), new AsNumber(4_200_000_000)])]),
        NextHop = IpAddress.Parse("2001:db8::1"),
        MultiExitDisc = 7,
        LocalPref = 200,
        AtomicAggregate = true,
        Aggregator = new Aggregator(new AsNumber(64513), IpAddress.Parse("192.0.2.9")),
        Communities = [0xFC00_0001, 0xFC00_0002],
        ExtendedCommunities = [RouteTarget.FromAs(new AsNumber(64512), 5).Community],
        LargeCommunities = [new LargeCommunity(1, 2, 3)],
        OnlyToCustomer = new AsNumber(64513),
    };

    [Test]
    public void A_set_reads_as_it_was_written()
    {
        foreach (var set in new[] { Full, PathAttributes.Empty, Full with { NextHop = IpAddress.Parse("192.0.2.1"), LocalPref = null } })
        {
            Assert.That(StoredAttributes.Read(StoredAttributes.Write(set)), Is.EqualTo(set));
        }
    }

    /// <summary>The length of an attribute has two octets (RFC 4271 section 4.3): what is longer must not be read as something else.</summary>
    [Test]
    public void A_set_that_is_longer_than_any_message_is_sent_to_nobody()
    {
        var tooLong = Full with
        {
            NextHop = IpAddress.Parse("192.0.2.1"),
            Communities = [.. Enumerable.Range(1, 1 << 14).Select(n => (uint)n)],
        };
        var output = new ArrayBufferWriter<byte>();

        var outcome = UpdatePacker.Advertise<PrefixNlri>(
            AddressFamily.Ipv4Unicast,
            StoredAttributes.Write(tooLong),
            [new PrefixNlri(IpPrefix.Parse("10.0.0.0/8"))],
            new UpdateEncoding(fourOctetAs: true, extendedMessages: true),
            output
        );

        Assert.That(outcome, Is.EqualTo(new PackOutcome(Messages: 0, TooLongRoutes: 1)));
        Assert.That(output.WrittenCount, Is.Zero);
    }

    [Test]
    public void Its_communities_and_its_next_hop_are_found_in_the_bytes()
    {
        var stored = StoredAttributes.Write(Full);

        Assert.That(StoredAttributes.NextHop(stored), Is.EqualTo(Full.NextHop));
        Assert.That(Convert.ToHexString(StoredAttributes.CommunitiesOf(stored, out var communities)), Is.EqualTo("0002FC0000000005"));
        Assert.That(Convert.ToHexString(communities), Is.EqualTo("FC000001FC000002"));
        Assert.That(Convert.ToHexString(StoredAttributes.ExtendedCommunitiesOf(stored)), Is.EqualTo("0002FC0000000005"));
    }

    /// <summary>By hand from RFC 4456 section 8: ORIGINATOR_ID is type 9 of four octets, CLUSTER_LIST type 10, the newest cluster first.</summary>
    [Test]
    public void A_reflected_set_has_the_originator_and_the_cluster_in_the_order_of_types()
    {
        var stored = Convert.FromHexString("04C0000201" + "40010100" + "400200" + "40050400000064" + "C010080002FC0000000005");
        var destination = new byte[stored.Length + StoredAttributes.ReflectionBytes];

        var length = StoredAttributes.Reflect(stored, new BgpIdentifier(0x0A000001), clusterId: 0x0A0000FE, destination);

        Assert.That(
            Convert.ToHexString(destination.AsSpan(0, length)),
            Is.EqualTo(
                "04C0000201" + "40010100" + "400200" + "40050400000064" + "8009040A000001" + "800A040A0000FE" + "C010080002FC0000000005"
            )
        );
    }

    [Test]
    public void A_set_reflected_before_keeps_its_originator_and_its_clusters_stand_behind_the_new_one()
    {
        var stored = Convert.FromHexString("04C0000201" + "40010100" + "400200" + "8009040A000009" + "800A0401010101");
        var destination = new byte[stored.Length + StoredAttributes.ReflectionBytes];

        var length = StoredAttributes.Reflect(stored, new BgpIdentifier(0x0A000001), clusterId: 0x0A0000FE, destination);

        Assert.That(
            Convert.ToHexString(destination.AsSpan(0, length)),
            Is.EqualTo("04C0000201" + "40010100" + "400200" + "40050400000064" + "8009040A000009" + "800A080A0000FE01010101"),
            "and LOCAL_PREF is 100 where there was none"
        );
    }
}
