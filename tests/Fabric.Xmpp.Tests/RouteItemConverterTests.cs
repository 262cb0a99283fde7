using Fabric.Primitives;
using Fabric.Wire.Bgp;
using Fabric.Wire.Xmpp;

namespace Fabric.Xmpp.Tests;

public sealed class RouteItemConverterTests
{
    private static readonly AsNumber s_as = new(64512);

    private static readonly ItemNextHop s_nextHop = new()
    {
        Address = IpAddress.Parse("192.0.2.17"),
        Label = 33,
        Encapsulations = TunnelEncapsulations.MplsOverGre | TunnelEncapsulations.MplsOverUdp,
    };

    private static readonly UnicastItem s_item = new()
    {
        Prefix = IpPrefix.Parse("10.20.0.5/32"),
        NextHops = [s_nextHop],
        LocalPreference = 200,
        Mobility = new ItemMobility(false, 3),
        SecurityGroups = [8000003],
        CommunityTags = ["64512:70", "no-export", "nonsense"],
    };

    [Test]
    public void An_agents_item_becomes_a_path_under_its_own_distinguisher()
    {
        var path = Converted(s_item);

        Assert.That(path.Distinguisher.ToString(), Is.EqualTo("192.0.2.17:5"));
        Assert.That((path.Prefix, path.Label.Value), Is.EqualTo((s_item.Prefix, 33u)));
        Assert.That(path.Attributes.NextHop, Is.EqualTo(s_nextHop.Address));
        Assert.That(path.Attributes.Communities, Is.EqualTo(new[] { 0xFC00_0046u, 0xFFFF_FF01u }));
        Assert.That(
            path.Attributes.ExtendedCommunities.Select(c => c.Value),
            Is.EqualTo(new[] { 0x030C_0000_0000_0002UL, 0x030C_0000_0000_000DUL, 0x0600_0000_0000_0003UL, 0x8004_FC00_007A_1203UL })
        );
    }

    [TestCase(100u, 0u, 200u)]
    [TestCase(200u, 0u, 100u)]
    [TestCase(150u, 0u, 4294967145u)]
    [TestCase(200u, 7u, 7u)]
    [TestCase(0u, 0u, null)]
    public void Med_is_the_local_preference_turned_round(uint localPreference, uint med, uint? expected) =>
        Assert.That(Converted(s_item with { LocalPreference = localPreference, Med = med }).Attributes.MultiExitDisc, Is.EqualTo(expected));

    [Test]
    public void Sequence_number_counts_where_mobility_is_not_said() =>
        Assert.That(
            Converted(s_item with { Mobility = default, SequenceNumber = 9 }).Attributes.ExtendedCommunities,
            Does.Contain(ExtendedCommunity.MacMobility(false, 9))
        );

    [Test]
    public void Items_that_no_agent_should_send_are_refused_in_words()
    {
        Assert.That(Refusal(s_item with { NextHops = [] }), Does.Contain("0 next hops"));
        Assert.That(Refusal(s_item with { NextHops = [s_nextHop, s_nextHop] }), Does.Contain("2 next hops"));
        Assert.That(Refusal(With(s_nextHop with { Label = 0 })), Does.Contain("label 0"));
        Assert.That(Refusal(With(s_nextHop with { Label = 1 << 20 })), Does.Contain("label"));
        Assert.That(Refusal(With(s_nextHop with { Address = IpAddress.Parse("2001:db8::1") })), Does.Contain("next hop"));
        Assert.That(Refusal(With(s_nextHop with { Address = IpAddress.Parse("224.0.0.1") })), Does.Contain("next hop"));
        Assert.That(
            Refusal(With(s_nextHop with { Encapsulations = TunnelEncapsulations.None, HasUnknownEncapsulation = true })),
            Does.Contain("encapsulation")
        );
        Assert.That(
            Refusal(s_item with { SecurityGroups = [.. Enumerable.Range(1, 9000).Select(n => (uint)n)] }),
            Does.Contain("9000 sec")
        );
        Assert.That(RouteItemConverter.TryConvert(s_item, 65_536, s_as, out _), Does.Contain("instance id"));
    }

    [Test]
    public void Equal_cost_paths_become_the_next_hops_of_one_item()
    {
        var path = Converted(s_item);
        var plain = new PathAttributes { NextHop = IpAddress.Parse("192.0.2.18") };

        var item = RouteItemConverter.ToItem(
            AddressFamily.Ipv4Unicast,
            s_item.Prefix,
            [new ItemPath(path.Attributes, path.Label, "default-domain:acme:web"), new ItemPath(plain, new MplsLabel(44), null)],
            s_as
        );

        Assert.That(
            item.NextHops.Select(n => $"{n.Address} {n.Label} {n.Encapsulations} {n.VirtualNetwork}"),
            Is.EqualTo(new[] { "192.0.2.17 33 MplsOverGre, MplsOverUdp default-domain:acme:web", "192.0.2.18 44 MplsOverGre unresolved" })
        );
        Assert.That((item.LocalPreference, item.Med, item.Mobility.Sequence), Is.EqualTo((200u, 100u, 3u)));
        Assert.That(item.CommunityTags, Is.EqualTo(new[] { "64512:70", "no-export" }));
    }

    /// <summary>A rule that allows one of them would let the others' machines in, which have the same address.</summary>
    [TestCase("1 2 3", "3 1", "3 4 1", "1 3")]
    [TestCase("1", "", "1", "")]
    [TestCase("", "1", "1", "")]
    public void An_item_of_several_paths_has_the_groups_that_all_of_them_have(string first, string second, string third, string expected)
    {
        var paths = new[] { first, second, third }
            .Select(
                (groups, index) =>
                    (Path: Converted(s_item with { SecurityGroups = Numbers(groups) }), Label: new MplsLabel((uint)index + 50))
            )
            .Select(one => new ItemPath(one.Path.Attributes, one.Label, null))
            .ToArray();

        var item = RouteItemConverter.ToItem(AddressFamily.Ipv4Unicast, s_item.Prefix, paths, s_as);

        Assert.That(item.SecurityGroups, Is.EqualTo(Numbers(expected)));

        static EquatableArray<uint> Numbers(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)];
    }

    /// <summary>A neighbour in another AS would else choose which of this fabric's rules let its machines in; groups below 8,000,000 are shared on purpose.</summary>
    [TestCase(64512, 8000003u, true)]
    [TestCase(65001, 8000003u, false)]
    [TestCase(65001, 7999999u, true)]
    [TestCase(65001, 0u, false)]
    public void Groups_of_another_AS_are_not_told_to_agents(int asNumber, uint group, bool isTold)
    {
        var attributes = new PathAttributes
        {
            NextHop = s_nextHop.Address,
            ExtendedCommunities = [ExtendedCommunity.SecurityGroup((ushort)asNumber, group)],
        };

        var item = RouteItemConverter.ToItem(
            AddressFamily.Ipv4Unicast,
            s_item.Prefix,
            [new ItemPath(attributes, new MplsLabel(44), null)],
            s_as
        );

        Assert.That(item.SecurityGroups, Is.EqualTo(isTold ? new[] { group } : []));
    }

    /// <summary>Anybody may announce a prefix under as many route distinguishers as he likes, and each adds a path.</summary>
    [Test]
    public void Of_very_many_equal_paths_an_item_has_those_that_an_agent_can_use()
    {
        var path = Converted(s_item);
        ItemPath[] paths =
        [
            .. Enumerable.Range(100, 5000).Select(label => new ItemPath(path.Attributes, new MplsLabel((uint)label), null)),
        ];

        var item = RouteItemConverter.ToItem(AddressFamily.Ipv4Unicast, s_item.Prefix, paths, s_as);

        Assert.That(item.NextHops.Select(hop => hop.Label), Is.EqualTo(Enumerable.Range(100, 128)));
    }

    private static UnicastItem With(ItemNextHop nextHop) => s_item with { NextHops = [nextHop] };

    private static string? Refusal(UnicastItem item) => RouteItemConverter.TryConvert(item, 5, s_as, out _);

    private static AgentPath Converted(UnicastItem item)
    {
        Assert.That(RouteItemConverter.TryConvert(item, 5, s_as, out var path), Is.Null);
        return path!;
    }
}
