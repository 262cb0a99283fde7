using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What operators may ask of large tables.</summary>
public sealed class InspectionTests
{
    [Test]
    public void A_table_with_more_routes_than_the_limit_says_so()
    {
        var (scene, _) = Start();

        var some = scene.Inspector.VpnRoutes(AddressFamily.Vpnv4, null, limit: 2);
        var all = scene.Inspector.VpnRoutes(AddressFamily.Vpnv4, null, limit: 3);

        Assert.That((some.Routes.Count, some.Truncated), Is.EqualTo((2, true)));
        Assert.That((all.Routes.Count, all.Truncated), Is.EqualTo((3, false)));
    }

    [Test]
    public void One_prefix_is_shown_alone()
    {
        var (scene, _) = Start();
        var prefix = IpPrefix.Parse("203.0.113.0/24");

        Assert.That(scene.Inspector.VrfRoutes("red", prefix, limit: 9)!.Routes.Single().Prefix, Is.EqualTo("203.0.113.0/24"));
        Assert.That(scene.Inspector.VpnRoutes(AddressFamily.Vpnv4, prefix, limit: 9).Routes.Single().Prefix, Is.EqualTo("203.0.113.0/24"));
    }

    [Test]
    public void A_neighbour_shows_how_many_routes_it_sent()
    {
        var (scene, _) = Start();

        Assert.That(scene.Inspector.Neighbor("gw")!.RoutesReceived, Is.EqualTo(3));
    }

    private static (Scene Scene, GatewayPlayer Gateway) Start()
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply([.. Scene.TwoNetworks, Scene.Router("gw", 21, AddressFamily.Vpnv4)]);
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24");
        scene.Run();
        return (scene, gateway);
    }
}
