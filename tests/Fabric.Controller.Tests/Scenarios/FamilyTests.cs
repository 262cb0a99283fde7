using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>Routes of families without hosts: from one gateway to the other, as a route reflector passes them on.</summary>
public sealed class FamilyTests
{
    private static readonly PathAttributes s_attributes = new() { NextHop = IpAddress.Parse("203.0.113.9"), LocalPref = 100 };

    [Test]
    public void Prefixes_without_and_with_labels_come_and_go()
    {
        var (one, other) = Connected(AddressFamily.Ipv4Unicast, AddressFamily.Ipv6Unicast, AddressFamily.LabelledIpv4);
        var labelled = new LabelledNlri(IpPrefix.Parse("10.2.0.0/16"), new MplsLabel(77));

        one.Player.Say(AddressFamily.Ipv4Unicast, s_attributes, new PrefixNlri(IpPrefix.Parse("10.1.0.0/16")));
        one.Player.Say(
            AddressFamily.Ipv6Unicast,
            s_attributes with
            {
                NextHop = IpAddress.Parse("2001:db8::9"),
            },
            new PrefixNlri(IpPrefix.Parse("2001:db8:1::/48"))
        );
        one.Player.Say(AddressFamily.LabelledIpv4, s_attributes, labelled);
        one.Scene.Run();

        Assert.That(one.Scene.Inspector.Neighbors.Summary().Routes, Is.EqualTo(3));
        string[] said = ["10.1.0.0/16 via 203.0.113.9", "2001:db8:1::/48 via 2001:db8::9", "10.2.0.0/16 77 via 203.0.113.9"];
        Assert.That(other.Take(), Is.EquivalentTo(said));

        one.Player.TakeBack(AddressFamily.Ipv4Unicast, new PrefixNlri(IpPrefix.Parse("10.1.0.0/16")));
        one.Player.TakeBack(AddressFamily.LabelledIpv4, labelled);
        one.Scene.Run();
        Assert.That(other.Take(), Has.Length.EqualTo(2).And.Member("10.1.0.0/16 gone"));
    }

    [Test]
    public void EVPN_routes_come_and_go()
    {
        var (one, other) = Connected(AddressFamily.L2VpnEvpn);
        var key = EvpnKey.MacIp(RouteDistinguisher.Parse("64512:1"), 7, new MacAddress(0x0200_0000_0001), IpAddress.Parse("2001:db8::5"));
        var multicast = EvpnKey.InclusiveMulticast(RouteDistinguisher.Parse("64512:1"), 7, IpAddress.Parse("203.0.113.9"));

        one.Player.Say(AddressFamily.L2VpnEvpn, s_attributes, new EvpnNlri(key, new EvpnData(0x641)), new EvpnNlri(multicast, default));
        one.Scene.Run();
        Assert.That(other.Take(), Is.EquivalentTo([$"{key} 1601 via 203.0.113.9", $"{multicast} 0 via 203.0.113.9"]));

        var shown = one.Scene.Inspector.Routes;
        var gw22 = one.Scene.Inspector.Neighbors.Find("gw22");
        string[] words = ["[2]:[7]:[48]:[02:00:00:00:00:01]:[128]:[2001:db8::5]", "[3]:[7]:[32]:[203.0.113.9]"];
        var routes = shown.Routes(AddressFamily.L2VpnEvpn, null, limit: 9).Routes;
        Assert.That(
            routes.Select(route => (route.RouteDistinguisher, route.Prefix)),
            Is.EquivalentTo(words.Select(word => ("64512:1", word)))
        );
        Assert.That(
            routes.Single(route => route.Prefix == words[0]).Paths[0].Label,
            Is.EqualTo(100),
            "0x641 is label 100, and the bottom of its stack"
        );
        Assert.That(shown.Routes(AddressFamily.L2VpnEvpn, "[3]", limit: 9).Routes.Single().Prefix, Is.EqualTo(words[1]));
        Assert.That(
            shown.Advertised(gw22, AddressFamily.L2VpnEvpn, null, limit: 9)!.Routes.Select(route => route.Prefix),
            Is.EquivalentTo(words)
        );

        one.Player.TakeBack(AddressFamily.L2VpnEvpn, new EvpnNlri(key, default));
        one.Scene.Run();
        Assert.That(other.Take(), Is.EqualTo([$"{key} 0 gone"]));
    }

    private static ((Scene Scene, GatewayPlayer Player) One, GatewayPlayer Other) Connected(params AddressFamily[] families)
    {
        var scene = new Scene();
        scene.Apply([.. new[] { 21, 22 }.Select(last => Scene.Router($"gw{last}", last, families) with { RouteReflectorClient = true })]);
        var one = scene.Gateway("gw21", 21, families).Connected();
        var other = scene.Gateway("gw22", 22, families).Connected();
        other.Take();
        return ((scene, one), other);
    }
}
