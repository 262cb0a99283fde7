using Fabric.Primitives;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What agents and speakers see while the control node comes back (RFC 4724 section 4.1).</summary>
public sealed class RestartTests
{
    [Test]
    public void A_speaker_is_told_nothing_until_every_host_has_said_that_it_is_done()
    {
        var (scene, gateway, host1, host2) = Restarted(AddressFamily.Vpnv4);
        gateway.Connected();
        gateway.SayEndOfRib(AddressFamily.Vpnv4);
        host1.Connected();
        scene.Run();
        Assert.That(gateway.Take(), Is.EqualTo(new[] { "up, restarted" }));

        host2.Connected();

        Assert.That(
            gateway.Take(),
            Is.EqualTo(new[] { "10.1.0.3/32 via 192.0.2.11", "10.1.0.4/32 via 192.0.2.12", "end-of-rib vpnv4" }).AsCollection
        );
    }

    [Test]
    public void A_host_that_does_not_come_back_holds_speakers_up_for_half_the_restart_time()
    {
        var (scene, gateway, host1, _) = Restarted(AddressFamily.Vpnv4);
        gateway.Connected();
        host1.Connected();

        scene.Run(50);
        Assert.That(gateway.Take(), Is.EqualTo(new[] { "up, restarted" }));
        scene.Run(10);

        Assert.That(gateway.Take(), Is.EqualTo(new[] { "10.1.0.3/32 via 192.0.2.11" }));
        gateway.SayEndOfRib(AddressFamily.Vpnv4);
        scene.Run();

        Assert.That(gateway.Take(), Is.EqualTo(new[] { "end-of-rib vpnv4" }));
    }

    /// <summary>RFC 4724 section 4.1: what the slower one says again, the others have as stale, and End-of-RIB would take it from them.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void A_speaker_gets_End_of_RIB_only_after_the_routes_of_all_others(bool hasPorts)
    {
        var scene = new Scene(120);
        scene.Run();
        AddressFamily[] families = [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership];
        scene.Apply([.. hasPorts ? Scene.TwoNetworks : [], Scene.Router("gw", 21, families), Scene.Router("gw2", 22, families)]);
        scene.Restart();
        if (hasPorts)
        {
            Host(scene, "host1", 11, "10.1.0.3/32").Connected();
            Host(scene, "host2", 12, "10.1.0.4/32").Connected();
        }

        var target = Fabric.Primitives.RouteTarget.FromAs(new AsNumber(64512), 7);
        var gateway = Ready(scene.Gateway("gw", 21, families));
        scene.Run(20);
        Assert.That(gateway.Take(), Does.Contain("end-of-rib rtc").And.None.EqualTo("end-of-rib vpnv4"));

        var second = scene.Gateway("gw2", 22, families).Connected();
        second.Announce(target, "203.0.113.0/24");
        scene.Run();
        Assert.That(gateway.Take(), Has.None.EqualTo("end-of-rib vpnv4"));
        second.SayEndOfRib(AddressFamily.RouteTargetMembership);
        second.SayEndOfRib(AddressFamily.Vpnv4);
        scene.Run();

        Assert.That(gateway.Take(), Does.Contain("end-of-rib vpnv4"));

        GatewayPlayer Ready(GatewayPlayer player)
        {
            player.Connected();
            player.SayEndOfRib(AddressFamily.RouteTargetMembership);
            player.SayEndOfRib(AddressFamily.Vpnv4);
            return player;
        }
    }

    [Test]
    public void A_speaker_that_does_not_come_back_holds_End_of_RIB_up_for_a_quarter_of_the_restart_time_also_where_there_are_no_hosts()
    {
        var scene = new Scene(120);
        scene.Run();
        scene.Apply(Scene.Router("gw", 21, AddressFamily.Vpnv4), Scene.Router("gw2", 22, AddressFamily.Vpnv4));
        scene.Restart();
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.SayEndOfRib(AddressFamily.Vpnv4);

        scene.Run(20);
        Assert.That(gateway.Take(), Is.EqualTo(new[] { "up, restarted" }));
        scene.Run(15);

        Assert.That(gateway.Take(), Is.EqualTo(new[] { "end-of-rib vpnv4" }));
    }

    [Test]
    public void An_agent_gets_End_of_RIB_only_after_the_routes_of_every_speaker_that_restarts_gracefully()
    {
        var (scene, gateway, host1, host2) = Restarted(AddressFamily.Vpnv4);
        host1.Connected();
        host2.Connected();
        gateway.Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();
        Assert.That(host1.Heard, Does.Contain("red 203.0.113.0/24 via 192.0.2.21").And.None.EqualTo("end-of-rib"));

        gateway.SayEndOfRib(AddressFamily.Vpnv4);
        scene.Run();

        Assert.That(host1.Heard, Does.Contain("end-of-rib"));
    }

    [Test]
    public void A_speaker_with_two_families_is_done_after_both()
    {
        var (scene, gateway, host1, host2) = Restarted(AddressFamily.Vpnv4, AddressFamily.Vpnv6);
        host1.Connected();
        host2.Connected();
        gateway.Connected();
        gateway.SayEndOfRib(AddressFamily.Vpnv4);
        scene.Run();
        Assert.That(host1.Heard, Has.None.EqualTo("end-of-rib"));

        gateway.SayEndOfRib(AddressFamily.Vpnv6);
        scene.Run();

        Assert.That(host1.Heard, Does.Contain("end-of-rib"));
    }

    /// <summary>RFC 4724 section 4.1: such a speaker is not waited for.</summary>
    [Test]
    public void A_speaker_without_graceful_restart_holds_no_agent_up()
    {
        var (scene, gateway, host1, host2) = Restarted(AddressFamily.Vpnv4);
        gateway.Options = gateway.Options with { GracefulRestart = null };
        gateway.Connected();
        host1.Connected();
        host2.Connected();

        scene.Run();

        Assert.That(host1.Heard, Does.Contain("end-of-rib"));
    }

    /// <summary>A speaker with route target membership sends its routes after it was asked, and it is asked when the hosts have subscribed.</summary>
    [Test]
    public void The_wait_for_speakers_begins_when_they_have_been_told_what_hosts_want()
    {
        var (scene, gateway, host1, _) = Restarted(AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership);
        gateway.Connected();
        host1.Connected();

        scene.Run(59);
        Assert.That(gateway.Heard, Does.Contain($"{scene.TargetOf("red")} wanted"));
        Assert.That(host1.Heard, Has.None.EqualTo("end-of-rib"));
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        gateway.SayEndOfRib(AddressFamily.RouteTargetMembership);
        gateway.SayEndOfRib(AddressFamily.Vpnv4);
        scene.Run();

        Assert.That(host1.Heard[^2..], Is.EqualTo(new[] { "red 203.0.113.0/24 via 192.0.2.21", "end-of-rib" }));
    }

    [Test]
    public void A_speaker_that_does_not_come_back_holds_agents_up_for_a_quarter_of_the_restart_time()
    {
        var (scene, _, host1, host2) = Restarted(AddressFamily.Vpnv4);
        host1.Connected();
        host2.Connected();

        scene.Run(20);
        Assert.That(host1.Heard, Has.None.EqualTo("end-of-rib"));
        scene.Run(15);

        Assert.That(host1.Heard, Does.Contain("end-of-rib"));
    }

    [Test]
    public void With_a_restart_time_of_zero_nobody_waits_and_nobody_is_told_of_a_restart()
    {
        var (scene, gateway, host1, _) = Restarted(AddressFamily.Vpnv4, restartSeconds: 0);

        gateway.Connected();
        host1.Connected();

        Assert.That(gateway.Take(), Is.EqualTo(new[] { "up", "end-of-rib vpnv4", "10.1.0.3/32 via 192.0.2.11" }));
        Assert.That(host1.Heard, Does.Contain("end-of-rib"));
    }

    [Test]
    public void A_first_start_waits_for_nobody()
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply([.. Scene.TwoNetworks, Scene.Router("gw", 21, AddressFamily.Vpnv4)]);

        var gateway = scene.Gateway("gw", 21).Connected();

        Assert.That(gateway.Take(), Is.EqualTo(new[] { "up", "end-of-rib vpnv4" }));
    }

    [Test]
    public void A_neighbour_that_is_configured_long_after_the_restart_hears_nothing_of_it()
    {
        var (scene, _, host1, host2) = Restarted(AddressFamily.Vpnv4);
        host1.Connected();
        host2.Connected();
        scene.Run(300);
        scene.Apply(Scene.Router("gw2", 22, AddressFamily.Vpnv4));

        var second = scene.Gateway("gw2", 22).Connected();

        Assert.That(second.Heard[0], Is.EqualTo("up"));
    }

    /// <summary>RFC 4724 section 4.2: what an earlier loss left stale goes, what the peer has sent since is kept.</summary>
    [Test]
    public void A_speaker_that_is_lost_again_before_its_End_of_RIB_keeps_what_it_sent_anew()
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply([.. Scene.TwoNetworks, Scene.Router("gw", 21, AddressFamily.Vpnv4)]);
        var gateway = scene.Gateway("gw", 21).Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24", "198.51.100.0/24");
        scene.Run();
        gateway.Crash();
        scene.Run();

        gateway.Connected();
        gateway.Announce(scene.TargetOf("red"), "203.0.113.0/24");
        scene.Run();
        gateway.Crash();
        scene.Run(0.5);

        Assert.That(
            scene.Inspector.Routes.Routes(AddressFamily.Vpnv4, null, int.MaxValue).Routes.Select(route => (route.Prefix, route.Stale)),
            Is.EqualTo(new[] { ("203.0.113.0/24", true) })
        );
    }

    private static (Scene Scene, GatewayPlayer Gateway, AgentPlayer Host1, AgentPlayer Host2) Restarted(params AddressFamily[] families) =>
        Restarted(families, 120);

    private static (Scene Scene, GatewayPlayer Gateway, AgentPlayer Host1, AgentPlayer Host2) Restarted(
        AddressFamily family,
        int restartSeconds
    ) => Restarted([family], restartSeconds);

    /// <summary>A control node with a configuration has died and been started; nobody is connected yet.</summary>
    private static (Scene Scene, GatewayPlayer Gateway, AgentPlayer Host1, AgentPlayer Host2) Restarted(
        AddressFamily[] families,
        int restartSeconds
    )
    {
        var scene = new Scene(restartSeconds);
        scene.Run();
        scene.Apply([.. Scene.TwoNetworks, Scene.Router("gw", 21, families)]);
        scene.Restart();
        return (scene, scene.Gateway("gw", 21, families), Host(scene, "host1", 11, "10.1.0.3/32"), Host(scene, "host2", 12, "10.1.0.4/32"));
    }

    /// <summary>One that says all as soon as it is connected.</summary>
    private static AgentPlayer Host(Scene scene, string name, int last, string prefix)
    {
        var agent = scene.Agent(name, last);
        agent.OnEstablished = () =>
        {
            agent.Session.SubscribeVrf(Scene.RedVrf, 1);
            agent.Publish(Scene.RedVrf, prefix);
            agent.Session.SendEndOfRib();
        };
        return agent;
    }
}
