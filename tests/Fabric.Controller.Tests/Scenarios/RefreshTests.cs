using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>Routes that are sent again, both ways (RFC 2918, RFC 7313).</summary>
public sealed class RefreshTests
{
    [Test]
    public void A_speaker_that_asks_again_gets_the_routes_between_marks()
    {
        var (scene, gateway) = Start(isEnhanced: true);

        gateway.Peer.SendRouteRefresh(AddressFamily.Vpnv4, RouteRefreshSubtype.Request, gateway);
        scene.Run();

        Assert.That(gateway.Take(), Is.EqualTo(new[] { "again vpnv4", "10.1.0.3/32 via 192.0.2.11", "again vpnv4, that was all" }));
    }

    [Test]
    public void A_speaker_that_knows_no_marks_gets_the_routes_alone()
    {
        var (scene, gateway) = Start(isEnhanced: false);

        gateway.Peer.SendRouteRefresh(AddressFamily.Vpnv4, RouteRefreshSubtype.Request, gateway);
        scene.Run();

        Assert.That(gateway.Take(), Is.EqualTo(new[] { "10.1.0.3/32 via 192.0.2.11" }));
    }

    [Test]
    public void What_a_speaker_does_not_say_between_its_marks_goes()
    {
        var (scene, gateway) = Start(isEnhanced: true);
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24", "198.51.100.0/24");
        gateway.SayEndOfRib(AddressFamily.Vpnv4);
        scene.Run();

        gateway.Peer.SendRouteRefresh(AddressFamily.Vpnv4, RouteRefreshSubtype.Begin, gateway);
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();
        Assert.That(Gateways(scene), Is.EqualTo(new[] { "198.51.100.0/24", "203.0.113.0/24" }));
        gateway.Peer.SendRouteRefresh(AddressFamily.Vpnv4, RouteRefreshSubtype.End, gateway);
        scene.Run();

        Assert.That(Gateways(scene), Is.EqualTo(new[] { "203.0.113.0/24" }));
    }

    private static string[] Gateways(Scene scene) =>
        [
            .. scene
                .Routes("red")
                .Routes.Select(route => route.Prefix)
                .Where(prefix => !prefix.StartsWith("10.", StringComparison.Ordinal))
                .Order(),
        ];

    private static (Scene Scene, GatewayPlayer Gateway) Start(bool isEnhanced)
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply(Scene.TwoNetworks);
        scene.Apply(Scene.Router("gw", 21, AddressFamily.Vpnv4));
        var host1 = scene.Agent("host1", 11).Connected();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        host1.Publish(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();
        var gateway = scene.Gateway("gw", 21);
        gateway.Options = gateway.Options with { EnhancedRouteRefresh = isEnhanced };
        gateway.Connected().Take();
        return (scene, gateway);
    }
}
