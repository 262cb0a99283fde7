namespace Fabric.Simulation.Tests;

/// <summary>What dies and comes back, and what must not notice.</summary>
internal sealed class RestartTests
{
    private FabricSim _fabric = null!;

    [SetUp]
    public void Start() =>
        _fabric = FabricSim
            .Create(seed: 2)
            .ControlNodes(2)
            .Hosts(3)
            .Gateways(1)
            .Network("red", "10.1.0.0/24")
            .Vm("a", host: 1, "red")
            .Vm("b", host: 2, "red")
            .Vm("c", host: 3, "red")
            .Endpoint("far", "red", "172.16.0.1")
            .Settle();

    [Test]
    public void New_connections_pass_while_an_agent_is_dead_and_its_numbers_are_the_same_after()
    {
        var before = _fabric.VpnRoutes("control1");

        _fabric.CrashAgent(1).Advance(seconds: 60);
        _fabric.Ping("a", "b").ShouldArrive();
        _fabric.Ping("b", "a").ShouldArrive();
        Assert.That(_fabric.VpnRoutes("control1"), Is.EqualTo(before), "kept as stale");

        _fabric.RestartAgent(1).Settle();
        Assert.That(_fabric.VpnRoutes("control1"), Is.EqualTo(before));
    }

    [Test]
    public void The_routes_of_an_agent_that_stays_away_are_gone_after_the_restart_time()
    {
        _fabric.CrashAgent(1).Advance(seconds: 130);

        Assert.That(_fabric.VrfPrefixes("control1", "red"), Has.None.EqualTo("10.1.0.11/32"));
        _fabric.RestartAgent(1).Settle();
        _fabric.Ping("b", "a").ShouldArrive();
    }

    [Test]
    public void Packets_pass_while_both_control_nodes_are_dead_and_their_config_is_there_after()
    {
        var before = _fabric.VpnRoutes("control1");

        _fabric.CrashControl(1).CrashControl(2).Advance(seconds: 60);
        _fabric.Ping("a", "b").ShouldArrive();
        _fabric.Ping("far", "c").ShouldArrive();

        _fabric.RestartControl(1).RestartControl(2).Settle();
        Assert.That(_fabric.VpnRoutes("control1"), Is.EqualTo(before));
    }

    [Test]
    public void Hosts_without_any_control_node_forward_for_hours()
    {
        _fabric.CrashControl(1).CrashControl(2).Advance(minutes: 300);

        _fabric.Ping("a", "b").ShouldArrive();
    }

    [Test]
    public void The_gateway_keeps_its_routes_over_a_control_node_s_restart_and_the_hosts_over_the_gateway_s()
    {
        _fabric.CrashControl(1).Advance(seconds: 30).RestartControl(1).Advance(seconds: 1);
        _fabric.Ping("far", "a").ShouldArrive();

        _fabric.Settle().CrashGateway(1).Advance(seconds: 30);
        _fabric.Ping("a", "far").ShouldArrive();

        _fabric.RestartGateway(1).Settle();
    }

    [Test]
    public void The_gateway_s_routes_are_gone_when_it_stays_away_beyond_its_restart_time()
    {
        _fabric.CrashGateway(1).Advance(seconds: 130);

        Assert.That(_fabric.VrfPrefixes("control1", "red"), Has.None.EqualTo("172.16.0.1/32"));
    }

    [Test]
    public void A_restarted_data_plane_gets_its_tables_again()
    {
        _fabric.CrashDatapath(1).Advance(seconds: 5);
        _fabric.Ping("b", "a").ShouldNotArrive();

        _fabric.RestartDatapath(1).Advance(seconds: 3);
        _fabric.Ping("b", "a").ShouldArrive();
    }

    [Test]
    public void A_host_cut_from_one_control_node_lives_by_the_other()
    {
        _fabric.Cut("host2", "control1").Advance(minutes: 60).Vm("d", host: 1, "red").Advance(seconds: 1);

        _fabric.Ping("b", "d").ShouldArrive();
        _fabric.Heal("host2", "control1").Settle();
    }

    [Test]
    public void Configuration_made_while_a_control_node_is_dead_is_there_when_it_is_back()
    {
        _fabric.CrashControl(1).Network("blue", "10.2.0.0/24").Vm("x", host: 1, "blue").Connect("red", "blue").Advance(seconds: 30);
        _fabric.Ping("x", "b").ShouldArrive();

        _fabric.RestartControl(1).Settle();
    }

    [Test]
    public void An_agent_that_reads_nothing_costs_no_more_than_its_tables()
    {
        _fabric.Network("blue", "10.2.0.0/24").Vm("x", host: 2, "blue").SlowReader("host1", "control1");
        for (var i = 0; i < 200; i++)
        {
            _fabric.Connect("red", "blue").Advance(seconds: 0.05).Disconnect("red", "blue").Advance(seconds: 0.05);
        }

        Assert.That(_fabric.Links.LargestPendingBytes, Is.LessThan(2 << 20));
        _fabric.HealAll().Settle();
    }
}
