using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>A host is dead, and its machines have been moved, while what its agent said is still kept for its return.</summary>
public sealed class MoveTests
{
    private const string Machine = "10.1.0.3/32";

    private static readonly Port s_moved = new("red1", "red", Host: "host2", Addresses: [IpAddress.Parse("10.1.0.3")]);

    [Test]
    public void A_machine_that_was_moved_from_a_dead_host_is_at_the_new_one_alone()
    {
        var (scene, gateway, host1, host2, host3) = Start();
        host1.Publish(Scene.RedVrf, Machine);
        scene.Run();
        host1.Session.Stop("dead");
        scene.Apply(s_moved);
        scene.Run();
        gateway.Take();
        host3.Take();

        host2.Publish(Scene.RedVrf, Machine);
        scene.Run();

        Assert.That(host3.Take(), Is.EqualTo(new[] { "red 10.1.0.3/32 via 192.0.2.12" }));
        Assert.That(gateway.Take(), Is.EquivalentTo(new[] { "10.1.0.3/32 via 192.0.2.12", "10.1.0.3/32 gone" }));
    }

    [Test]
    public void A_machine_that_was_moved_before_its_host_was_found_dead_is_at_the_new_one_alone()
    {
        var (scene, _, host1, host2, host3) = Start();
        host1.Publish(Scene.RedVrf, Machine);
        host2.Publish(Scene.RedVrf, Machine);
        scene.Apply(s_moved);
        scene.Run();
        host3.Take();

        host1.Session.Stop("dead");
        scene.Run();

        Assert.That(host3.Take(), Is.EqualTo(new[] { "red 10.1.0.3/32 via 192.0.2.12" }));
    }

    /// <summary>The new host has its configuration from another control node, which was told of the move before this one.</summary>
    [Test]
    public void A_move_that_is_known_here_after_the_new_host_announced_it_ends_what_is_kept_of_the_dead_one()
    {
        var (scene, _, host1, host2, host3) = Start();
        host1.Publish(Scene.RedVrf, Machine);
        host1.Session.Stop("dead");
        host2.Publish(Scene.RedVrf, Machine);
        scene.Run();
        Assert.That(host3.Take(), Does.Contain("red 10.1.0.3/32 via 192.0.2.11,192.0.2.12"));

        scene.Apply(s_moved);
        scene.Run();

        Assert.That(host3.Take(), Is.EqualTo(new[] { "red 10.1.0.3/32 via 192.0.2.12" }));
    }

    /// <summary>An address that no port has is shared, as those of load balancers are: the data plane of a host whose agent restarts goes on serving it.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void An_address_that_several_hosts_serve_stays_with_one_that_restarts(bool isSaidAgain)
    {
        var (scene, _, host1, host2, host3) = Start();
        host1.Publish(Scene.RedVrf, "10.1.0.200/32");
        host2.Publish(Scene.RedVrf, "10.1.0.200/32");
        scene.Run();
        host3.Take();

        host1.Session.Stop("restarts");
        scene.Run();
        if (isSaidAgain)
        {
            host2.Publish(Scene.RedVrf, "10.1.0.200/32");
            scene.Run();
        }

        Assert.That(host3.Take(), Is.Empty);
    }

    [Test]
    public void An_address_of_a_host_that_restarts_is_not_taken_from_it_by_another()
    {
        var (scene, _, host1, host2, host3) = Start();
        host1.Publish(Scene.RedVrf, Machine);
        host1.Session.Stop("restarts");
        scene.Run();
        host3.Take();

        host2.Publish(Scene.RedVrf, Machine);
        scene.Run();

        Assert.That(host3.Take(), Is.EqualTo(new[] { "red 10.1.0.3/32 via 192.0.2.11,192.0.2.12" }));
    }

    [Test]
    public void A_prefix_that_several_hosts_lead_to_stays_with_one_that_restarts()
    {
        var (scene, _, host1, host2, host3) = Start();
        host1.Publish(Scene.RedVrf, "10.9.0.0/24");
        host2.Publish(Scene.RedVrf, "10.9.0.0/24");
        scene.Run();
        host3.Take();

        host1.Session.Stop("restarts");
        scene.Run();

        Assert.That(host3.Take(), Is.Empty);
    }

    private static (Scene Scene, GatewayPlayer Gateway, AgentPlayer Host1, AgentPlayer Host2, AgentPlayer Host3) Start()
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply([
            .. Scene.TwoNetworks,
            new Port("stays1", "red", Host: "host1", Addresses: [IpAddress.Parse("10.1.0.6")]),
            new Port("red3", "red", Host: "host3", Addresses: [IpAddress.Parse("10.1.0.5")]),
            Scene.Router("gw", 21, AddressFamily.Vpnv4),
        ]);
        var gateway = scene.Gateway("gw", 21).Connected();
        AgentPlayer[] hosts = [.. Enumerable.Range(1, 3).Select(number => scene.Agent($"host{number}", 10 + number).Connected())];
        foreach (var host in hosts)
        {
            host.Session.SubscribeVrf(Scene.RedVrf, 1);
            host.Session.SendEndOfRib();
        }

        scene.Run();
        return (scene, gateway, hosts[0], hosts[1], hosts[2]);
    }
}
