using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What the control node owes an agent, and what it does not take from one.</summary>
public sealed class AgentTests
{
    [Test]
    public void A_VRF_that_is_not_configured_does_not_hold_up_End_of_RIB()
    {
        var scene = Start();
        var host1 = scene.Agent("host1", 11).Connected();

        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        host1.Session.SubscribeVrf("default-domain:default-project:green:green", 2);
        host1.Session.SendEndOfRib();
        scene.Run();

        Assert.That(host1.Take(), Is.EqualTo(new[] { "end-of-rib" }));
    }

    /// <summary>Its other control node hung before it had configured it: what was said in the meantime answered nothing.</summary>
    [Test]
    public void An_agent_that_says_End_of_RIB_late_is_answered_though_it_has_heard_one_before()
    {
        var scene = Start();
        var host1 = scene.Agent("host1", 11).Connected();
        scene.Run(31);
        Assert.That(host1.Take(), Is.EqualTo(new[] { "end-of-rib" }));

        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        host1.Session.SendEndOfRib();
        scene.Run();
        Assert.That(host1.Take(), Is.EqualTo(new[] { "end-of-rib" }));

        host1.Session.SendEndOfRib();
        scene.Run();
        Assert.That(host1.Take(), Is.Empty);
    }

    [Test]
    public void A_VRF_that_is_configured_after_its_subscription_gets_the_routes_that_waited()
    {
        var scene = Start();
        var host1 = scene.Agent("host1", 11).Connected();
        var host2 = scene.Agent("host2", 12).Connected();
        const string green = "default-domain:default-project:green:green";
        host1.Session.SubscribeVrf(green, 1);
        host2.Session.SubscribeVrf(green, 1);
        host1.Publish(green, "10.3.0.3/32");
        scene.Run();
        Assert.That(host2.Take(), Is.Empty);

        scene.Apply(
            new VirtualNetwork("green"),
            new Subnet("green", "green", IpPrefix.Parse("10.3.0.0/24")),
            new Port("green1", "green", Host: "host1", Addresses: [IpAddress.Parse("10.3.0.3")]),
            new Port("green2", "green", Host: "host2", Addresses: [IpAddress.Parse("10.3.0.4")])
        );
        scene.Run();

        Assert.That(host2.Take(), Is.EqualTo(new[] { "green 10.3.0.3/32 via 192.0.2.11" }));
    }

    [Test]
    public void An_agent_that_left_a_VRF_and_came_back_holds_nothing_of_its_former_subscription()
    {
        var scene = Start();
        var host1 = scene.Agent("host1", 11).Connected();
        var host2 = scene.Agent("host2", 12).Connected();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        host2.Session.SubscribeVrf(Scene.RedVrf, 1);
        scene.Run();
        scene.Network.SetSlowReader("host1", "control1", slow: true);
        host2.Publish(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();

        host1.Session.UnsubscribeVrf(Scene.RedVrf, 1);
        scene.Run();
        host2.Withdraw(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        scene.Network.SetSlowReader("host1", "control1", slow: false);
        scene.Run();

        Assert.That(host1.Take(), Is.EqualTo(new[] { "red 10.1.0.3/32 via 192.0.2.12", "red 10.1.0.3/32 gone" }));
    }

    [Test]
    public void An_agent_that_leaves_a_VRF_is_told_the_end_of_what_it_holds_and_nothing_more()
    {
        var scene = Start();
        var host1 = scene.Agent("host1", 11).Connected();
        var host2 = scene.Agent("host2", 12).Connected();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        host2.Session.SubscribeVrf(Scene.RedVrf, 1);
        host1.Publish(Scene.RedVrf, "10.1.0.2/32");
        host2.Publish(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();
        host1.Take();

        host1.Session.UnsubscribeVrf(Scene.RedVrf, 1);
        host2.Publish(Scene.RedVrf, "10.1.0.4/32");
        scene.Run();

        Assert.That(host1.Take(), Is.EqualTo(new[] { "red 10.1.0.3/32 gone" }));
    }

    [Test]
    public void A_route_has_the_name_of_the_network_that_it_is_from()
    {
        var scene = Start();
        scene.Apply(new NetworkConnection("both", ["red", "blue"]));
        var host1 = scene.Agent("host1", 11).Connected();
        var host2 = scene.Agent("host2", 12).Connected();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        host2.Session.SubscribeVrf(Scene.RedVrf, 1);
        host2.Session.SubscribeVrf(Scene.BlueVrf, 2);
        host1.Publish(Scene.RedVrf, "10.1.0.3/32");
        host2.Publish(Scene.BlueVrf, "10.2.0.3/32");
        scene.Run();

        Assert.That(host2.Origins["red 10.1.0.3/32"], Is.EqualTo("default-domain:default-project:red"));
        Assert.That(host1.Origins["red 10.2.0.3/32"], Is.EqualTo("default-domain:default-project:blue"));
        Assert.That(host2.Origins["blue 10.1.0.3/32"], Is.EqualTo("default-domain:default-project:red"));
    }

    [Test]
    public void A_route_to_another_host_than_the_agents_own_is_refused()
    {
        var scene = Start();
        var host1 = scene.Agent("host1", 11).Connected();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);

        host1.Publish(Scene.RedVrf, "10.1.0.3/32");
        host1.Publish(Scene.RedVrf, "10.1.0.4/32", nextHop: "192.0.2.12");
        scene.Run();

        Assert.That(scene.Routes("red").Routes.Select(route => route.Prefix), Is.EqualTo(new[] { "10.1.0.3/32" }));
    }

    [Test]
    public void An_agent_has_as_many_routes_as_it_may_and_can_change_and_exchange_those()
    {
        var scene = new Scene();
        scene.Restart(options => options with { AgentMaxRoutes = 2 });
        scene.Run();
        scene.Apply(Scene.TwoNetworks);
        var host1 = scene.Agent("host1", 11).Connected();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        host1.Publish(Scene.RedVrf, "10.1.0.1/32");
        host1.Publish(Scene.RedVrf, "10.1.0.2/32");
        host1.Publish(Scene.RedVrf, "10.1.0.3/32");
        host1.Publish(Scene.RedVrf, "10.1.0.1/32", label: 99);
        scene.Run();
        Assert.That(Routes(), Is.EqualTo(new[] { "10.1.0.1/32 99", "10.1.0.2/32 16" }));

        host1.Withdraw(Scene.RedVrf, "10.1.0.1/32");
        host1.Publish(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();

        Assert.That(Routes(), Is.EqualTo(new[] { "10.1.0.2/32 16", "10.1.0.3/32 16" }));

        IEnumerable<string> Routes() => scene.Routes("red").Routes.Select(route => $"{route.Prefix} {route.Paths.Single().Label}");
    }

    [Test]
    public void One_address_cannot_take_the_connections_of_all()
    {
        var scene = Start();
        AgentPlayer[] crowd = [.. Enumerable.Range(0, 64).Select(number => scene.Agent($"guest{number}", 19).Connected())];

        var refused = scene.Agent("guest64", 19);
        refused.Session.Start();
        scene.Run();
        Assert.That(refused.Session.IsEstablished, Is.False);
        Assert.That(scene.Agent("host1", 11).Connected().Session.IsEstablished, Is.True);

        crowd[0].Session.Stop("leaves");
        scene.Run(60);
        Assert.That(refused.Session.IsEstablished, Is.True);
    }

    [Test]
    public void An_agent_that_joins_too_many_VRFs_loses_its_session()
    {
        var scene = Start();
        var host1 = scene.Agent("host1", 11).Connected();

        for (var i = 0u; i <= 10_000; i++)
        {
            host1.Session.SubscribeVrf($"d:p:n{i}:n{i}", i);
        }

        scene.Run(5);

        Assert.That(host1.Heard, Does.Contain("down"));
    }

    [Test]
    public void An_agent_that_keeps_up_its_session_but_does_not_read_is_reset_after_eight_minutes()
    {
        var scene = Start();
        var host1 = scene.Agent("host1", 11).Connected();
        var host2 = scene.Agent("host2", 12, holdSeconds: 3600).Connected();
        host1.Session.SubscribeVrf(Scene.RedVrf, 1);
        host2.Session.SubscribeVrf(Scene.RedVrf, 1);
        scene.Run();
        scene.Network.SetSlowReader("host2", "control1", slow: true);
        for (var i = 0; i < 2000; i++)
        {
            host1.Publish(Scene.RedVrf, $"10.1.{i >> 8}.{i & 255}/32");
        }

        host2.KeepAlive(TimeSpan.FromSeconds(20));
        scene.Run(470);
        Assert.That(host2.Heard, Has.None.EqualTo("down"));
        scene.Run(30);

        Assert.That(host2.Heard, Does.Contain("down"));
    }

    private static Scene Start()
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply(Scene.TwoNetworks);
        return scene;
    }
}
