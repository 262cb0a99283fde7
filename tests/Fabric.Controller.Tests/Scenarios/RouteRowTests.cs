using Fabric.Analytics;
using Fabric.Controller.Streaming;
using Fabric.Primitives;
using Fabric.Streaming;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What a control node learns and forgets, as rows of the stream.</summary>
public sealed class RouteRowTests
{
    private const string Green = "203.0.113.0/24";

    private readonly List<RouteEvent> _rows = [];

    [Test]
    public void A_gateways_route_is_in_the_vpn_table_and_in_the_vrf_that_imports_it_with_all_that_it_says()
    {
        var (scene, gateway) = Connected();
        gateway.AsNumbers = [65001, 65002];
        var target = scene.TargetOf("red");

        gateway.Announce(target, communities: 2, Green);
        scene.Run();

        var route =
            "\"family\": \"FAMILY\", \"prefix\": \"203.0.113.0/24\", \"routeDistinguisher\": \"192.0.2.21:1\", \"peer\": \"gw\", "
            + "\"peerKind\": \"BGP_PEER\", \"nextHop\": \"192.0.2.21\", \"labels\": [ 100 ], \"origin\": \"IGP\", \"asPath\": \"65001 65002\", "
            + $"\"localPreference\": 100, \"routeTargets\": [ \"{target}\" ], \"communities\": [ \"0:1\", \"0:2\" ], \"best\": true";
        Assert.That(
            Take(),
            Is.EquivalentTo(
                new[]
                {
                    $"{{ \"change\": \"ADDED\", \"table\": \"bgp.l3vpn.0\", {route.Replace("FAMILY", "vpnv4", StringComparison.Ordinal)} }}",
                    $"{{ \"change\": \"ADDED\", \"table\": \"{Scene.RedVrf}\", {route.Replace("FAMILY", "ipv4", StringComparison.Ordinal)}, "
                        + "\"importedFrom\": \"bgp.l3vpn.0\" }",
                }
            )
        );
    }

    [Test]
    public void A_gateway_that_is_lost_for_good_takes_its_routes_along()
    {
        var (scene, gateway) = Connected();
        gateway.Announce(scene.TargetOf("red"), Green);
        scene.Run();
        _rows.Clear();

        gateway.Crash();
        scene.Run(300);

        Assert.That(_rows.Select(row => row.Change), Is.EqualTo(new[] { RouteChange.Withdrawn, RouteChange.Withdrawn }));
        Assert.That(
            Take(),
            Does.Contain(
                "{ \"change\": \"WITHDRAWN\", \"table\": \"bgp.l3vpn.0\", \"family\": \"vpnv4\", \"prefix\": \"203.0.113.0/24\", "
                    + "\"routeDistinguisher\": \"192.0.2.21:1\", \"peer\": \"gw\", \"peerKind\": \"BGP_PEER\" }"
            )
        );
    }

    [Test]
    public void A_restarting_gateways_routes_are_stale_until_it_has_said_them_again()
    {
        var (scene, gateway) = Connected(restartSeconds: 120);
        gateway.Announce(scene.TargetOf("red"), Green);
        scene.Run();
        _rows.Clear();

        gateway.Crash();
        scene.Run();
        Assert.That(_rows.Select(row => (row.Change, row.Stale)), Is.EqualTo(Enumerable.Repeat((RouteChange.Changed, true), 2)));
        _rows.Clear();

        gateway.Connected();
        gateway.Announce(scene.TargetOf("red"), Green);
        scene.Run();
        Assert.That(_rows.Select(row => (row.Change, row.Stale)), Is.EqualTo(Enumerable.Repeat((RouteChange.Changed, false), 2)));
    }

    [Test]
    public void An_agents_route_is_its_own_in_its_vrf_and_exported()
    {
        var (scene, _) = Connected();
        var host1 = scene.Agent("host1", 11).Connected();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        scene.Run();
        Assert.That(_rows.Single().ToString(), Does.Contain($"\"prefix\": \"64512:{scene.TargetOf("red")}/96\", \"peerKind\": \"LOCAL\""));
        _rows.Clear();

        host1.Publish(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();

        Assert.That(
            _rows.Select(row =>
                (row.Table, row.RouteDistinguisher, row.Peer, row.PeerKind, row.Labels.Single(), row.Encapsulations.Single())
            ),
            Is.EquivalentTo(
                new[]
                {
                    (Scene.RedVrf, "", "host1", PeerKind.XmppPeer, 16u, "gre"),
                    ("bgp.l3vpn.0", "192.0.2.11:1", "host1", PeerKind.XmppPeer, 16u, "gre"),
                }
            )
        );
    }

    [Test]
    public void A_new_run_begins_with_what_it_learns()
    {
        var (scene, gateway) = Connected();
        gateway.Announce(scene.TargetOf("red"), Green);
        scene.Run();

        scene.Restart();
        _rows.Clear();
        Listen(scene, PublishedRoutes.All);
        scene.Run(60);
        gateway.Announce(scene.TargetOf("red"), Green);
        scene.Run();

        Assert.That(_rows.Select(row => row.Change), Is.EqualTo(new[] { RouteChange.Added, RouteChange.Added }));
    }

    [Test]
    public void Without_rows_of_routes_nothing_follows_the_tables()
    {
        var (scene, gateway) = Connected(routes: PublishedRoutes.Off);

        gateway.Announce(scene.TargetOf("red"), Green);
        scene.Run();

        Assert.That(_rows, Is.Empty);
        Assert.That(scene.Node.Routes.Follower, Is.Null);
    }

    private (Scene Scene, GatewayPlayer Gateway) Connected(int restartSeconds = 0, PublishedRoutes routes = PublishedRoutes.All)
    {
        _rows.Clear();
        var scene = new Scene(restartSeconds);
        Listen(scene, routes);
        scene.Run();
        scene.Apply([.. Scene.TwoNetworks, Scene.Router("gw", 21, AddressFamily.Vpnv4)]);
        return (scene, scene.Gateway("gw", 21, AddressFamily.Vpnv4).Connected());
    }

    private void Listen(Scene scene, PublishedRoutes routes) =>
        new ControlStream(_ => true, scene.Node, TimeProvider.System).Follow(routes, Publish, () => int.MaxValue);

    private void Publish(ReadOnlySpan<RouteRow> rows)
    {
        foreach (ref readonly var row in rows)
        {
            var message = row.ToMessage(new EventStamp("", SourceKind.ControlNode, 1, 1, 0));
            message.Envelope = null;
            _rows.Add(message);
        }
    }

    private string[] Take()
    {
        var rows = _rows.Select(row => row.ToString()).ToArray();
        _rows.Clear();
        return rows;
    }
}
