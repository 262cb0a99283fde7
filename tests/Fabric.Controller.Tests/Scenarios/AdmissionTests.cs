using Fabric.Controller.Options;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>A host is in the VRFs that its ports are in: one that was taken over hears and says nothing in those of other tenants.</summary>
public sealed class AdmissionTests
{
    private static readonly Port s_blueOnHost1 = new("blue1", "blue", Host: "host1", Addresses: [IpAddress.Parse("10.2.0.4")]);
    private static readonly Port s_blueOnHost2 = new("blue2", "blue", Host: "host2", Addresses: [IpAddress.Parse("10.2.0.3")]);

    [Test]
    public void A_host_without_a_port_in_a_VRF_hears_nothing_of_it_and_says_nothing_there()
    {
        var (scene, gateway, host1, host2) = Start();

        host1.Publish(Scene.BlueVrf, "10.2.0.3/32");
        host1.Publish(Scene.BlueVrf, "10.2.0.99/32");
        scene.Run();

        Assert.That(host1.Take().Concat(host2.Take()).Concat(gateway.Take()), Is.Empty);
        Assert.That(
            scene.Routes("blue").Routes.Single(route => route.Prefix == "10.2.0.99/32").Paths.Single().Rejection,
            Is.EqualTo("NoPort")
        );
    }

    /// <summary>A host that was taken over could else stand between operators and the network's routes.</summary>
    [Test]
    public void A_VRF_that_only_an_agent_names_does_not_take_the_name_of_one_that_is_configured()
    {
        var (scene, _, host1, host2) = Start();
        host2.Publish(Scene.BlueVrf, "10.2.0.3/32");
        host1.Session.SubscribeVrf("default-domain:nobody:blue:blue", 9);
        scene.Run();

        Assert.That(scene.Inspector.Routes.VrfsCalled("blue"), Is.EqualTo(new[] { Scene.BlueVrf }));
        Assert.That(scene.Routes("blue").Routes, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_subscription_that_came_before_the_port_is_live_when_the_port_is_there()
    {
        var (scene, gateway, host1, host2) = Start();
        host1.Publish(Scene.BlueVrf, "10.2.0.4/32");
        scene.Run();
        host1.Take();
        host2.Take();
        gateway.Take();

        scene.Apply(s_blueOnHost1);
        scene.Run();

        Assert.That(host1.Take(), Is.EqualTo(new[] { "blue 10.2.0.3/32 via 192.0.2.12" }));
        Assert.That(host2.Take(), Is.EqualTo(new[] { "blue 10.2.0.4/32 via 192.0.2.11" }));
        Assert.That(gateway.Take(), Is.EqualTo(new[] { "10.2.0.4/32 via 192.0.2.11" }));
    }

    [Test]
    public void When_the_last_port_leaves_the_hosts_routes_go_and_it_is_told_the_end_of_others()
    {
        var (scene, gateway, host1, host2) = Start();
        scene.Apply(s_blueOnHost1);
        host1.Publish(Scene.BlueVrf, "10.2.0.4/32");
        scene.Run();
        host1.Take();
        host2.Take();
        gateway.Take();

        scene.Apply(s_blueOnHost1 with { Host = "host3" });
        scene.Run();
        host2.Publish(Scene.BlueVrf, "10.2.0.5/32");
        host1.Publish(Scene.BlueVrf, "10.2.0.6/32");
        scene.Run();

        Assert.That(host1.Take(), Is.EqualTo(new[] { "blue 10.2.0.3/32 gone" }));
        Assert.That(host2.Take(), Is.EqualTo(new[] { "blue 10.2.0.4/32 gone" }));
        Assert.That(gateway.Take(), Is.EqualTo(new[] { "10.2.0.4/32 gone", "10.2.0.5/32 via 192.0.2.12" }));
    }

    /// <summary>Its routes are kept for its return, as long as its ports are its own.</summary>
    [Test]
    public void Routes_of_a_host_that_restarts_stay_while_it_has_the_port_and_go_when_the_port_does()
    {
        var (scene, _, host1, host2) = Start();
        host2.Session.Stop("restarts");
        scene.Apply(s_blueOnHost1);
        scene.Run();
        Assert.That(host1.Take(), Does.Contain("blue 10.2.0.3/32 via 192.0.2.12"));

        scene.Delete(s_blueOnHost2);
        scene.Run();

        Assert.That(host1.Take(), Is.EqualTo(new[] { "blue 10.2.0.3/32 gone" }));
    }

    [Test]
    public void After_a_restart_of_the_control_node_the_hosts_are_where_their_ports_are()
    {
        var (scene, _, host1, host2) = Start();
        Returns(host1);
        Returns(host2);
        scene.Restart();
        scene.Run(10);

        Assert.That(host1.Heard, Has.None.StartsWith("blue"));
        Assert.That(host2.Heard, Has.Some.EqualTo("red 10.1.0.3/32 via 192.0.2.11"));
        Assert.That(scene.Routes("blue").Routes.Select(route => route.Prefix), Is.EqualTo(new[] { "10.2.0.3/32" }));

        static void Returns(AgentPlayer host) => host.OnEstablished = () => SayAll(host);
    }

    /// <summary>An agent drops at End-of-RIB what it has not heard of again: routes that it was admitted to before are ahead of it.</summary>
    [Test]
    public void An_agent_that_was_admitted_in_time_gets_End_of_RIB_behind_those_routes()
    {
        var (scene, _, _, _) = Start();
        var host3 = scene.Agent("host3", 13).Connected();
        host3.Session.SubscribeVrf(Scene.BlueVrf, 1);
        scene.Run();
        scene.Apply(s_blueOnHost1 with { Host = "host3" });
        host3.Session.SendEndOfRib();
        scene.Run();

        Assert.That(host3.Take(), Is.EqualTo(new[] { "blue 10.2.0.3/32 via 192.0.2.12", "end-of-rib" }));
    }

    [Test]
    public void Who_waits_for_a_VRF_is_shown_and_not_among_those_that_are_in_it()
    {
        var (scene, _, _, _) = Start();

        var host1 = scene.Inspector.Agents().Agents.Single(agent => agent.Name == "host1");
        Assert.That((host1.Vrfs, host1.WaitingVrfs), Is.EqualTo((new[] { Scene.RedVrf }, new[] { Scene.BlueVrf })));
        Assert.That(scene.Inspector.Vrfs().Vrfs.Single(vrf => vrf.Name == Scene.BlueVrf).Subscribers, Is.EqualTo(new[] { "host2" }));
    }

    [Test]
    public void Who_waits_for_half_a_minute_is_told_of_and_then_that_it_is_over()
    {
        var (scene, _, host1, _) = Start();
        var said = new List<string>();
        scene.Node.Agents.WaitsTooLong = (agent, vrf) => said.Add($"{agent.Name} {vrf ?? "no more"}");
        scene.Run(20);
        Assert.That(said, Is.Empty);
        scene.Run(10);
        Assert.That(said, Is.EqualTo(new[] { $"host1 {Scene.BlueVrf}" }));

        host1.Session.UnsubscribeVrf(Scene.BlueVrf, 2);
        scene.Run();

        Assert.That(said, Has.Count.EqualTo(2).And.Some.EqualTo("host1 no more"));
    }

    [Test]
    public void With_agent_vrfs_any_a_host_is_in_the_VRFs_that_it_asks_for()
    {
        var (scene, _, _, _) = Start(AgentVrfs.Any);

        Assert.That(
            scene.Inspector.Vrfs().Vrfs.Single(vrf => vrf.Name == Scene.BlueVrf).Subscribers,
            Is.EqualTo(new[] { "host1", "host2" })
        );
    }

    [Test]
    public void Agents_are_kept_to_their_ports_unless_the_file_says_otherwise()
    {
        Assert.That(ControlFile.Read("").AgentVrfs, Is.EqualTo(AgentVrfs.Ports));
        Assert.That(ControlFile.Read("agent-vrfs: any").AgentVrfs, Is.EqualTo(AgentVrfs.Any));
    }

    /// <summary>Both hosts ask for both networks; host1 has no port in blue.</summary>
    private static (Scene Scene, GatewayPlayer Gateway, AgentPlayer Host1, AgentPlayer Host2) Start(AgentVrfs mode = AgentVrfs.Ports)
    {
        var scene = new Scene();
        scene.Restart(options => options with { AgentVrfs = mode });
        scene.Run();
        scene.Apply([.. Scene.TwoNetworks, Scene.Router("gw", 21, AddressFamily.Vpnv4)]);
        var gateway = scene.Gateway("gw", 21).Connected();
        var (host1, host2) = (scene.Agent("host1", 11).Connected(), scene.Agent("host2", 12).Connected());
        SayAll(host1);
        SayAll(host2);
        scene.Run();
        gateway.Take();
        host1.Take();
        host2.Take();
        return (scene, gateway, host1, host2);
    }

    private static void SayAll(AgentPlayer host)
    {
        host.Session.SubscribeVrf(Scene.RedVrf, 1);
        host.Session.SubscribeVrf(Scene.BlueVrf, 2);
        var number = host.Address == IpAddress.Parse("192.0.2.11") ? 3 : 4;
        host.Publish(Scene.RedVrf, $"10.1.0.{number}/32");
        if (number == 4)
        {
            host.Publish(Scene.BlueVrf, "10.2.0.3/32");
        }

        host.Session.SendEndOfRib();
    }
}
