using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>A host is dead, and its machines have been moved, while what its agent said is still kept for its return.</summary>
public sealed class MoveTests
{
    [Test]
    public void A_machine_that_was_moved_from_a_dead_host_is_at_the_new_one_alone()
    {
        var (scene, gateway, host1, host2, host3) = Start();
        host1.Publish(Scene.RedVrf, "10.1.0.3/32");
        host1.Publish(Scene.RedVrf, "10.1.0.4/32");
        scene.Run();
        host1.Session.Stop("dead");
        scene.Run();
        gateway.Take();
        host3.Take();

        host2.Publish(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();

        Assert.That(host3.Take(), Is.EqualTo(new[] { "red 10.1.0.3/32 via 192.0.2.12" }));
        Assert.That(gateway.Take(), Is.EquivalentTo(new[] { "10.1.0.3/32 via 192.0.2.12", "10.1.0.3/32 gone" }));
    }

    [Test]
    public void A_machine_that_was_moved_before_its_host_was_found_dead_is_at_the_new_one_alone()
    {
        var (scene, _, host1, host2, host3) = Start();
        host1.Publish(Scene.RedVrf, "10.1.0.3/32");
        host1.Publish(Scene.RedVrf, "10.1.0.4/32");
        host2.Publish(Scene.RedVrf, "10.1.0.3/32");
        scene.Run();
        host3.Take();

        host1.Session.Stop("dead");
        scene.Run();

        Assert.That(host3.Take(), Is.EqualTo(new[] { "red 10.1.0.3/32 via 192.0.2.12" }));
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
