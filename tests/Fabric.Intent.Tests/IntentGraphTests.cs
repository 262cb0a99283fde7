using Fabric.Model.AgentView;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Intent.Tests;

[TestFixture]
public sealed class IntentGraphTests
{
    private static readonly RouteTarget RedTarget = RouteTarget.Parse("64512:8000001");
    private static readonly RouteTarget BlueTarget = RouteTarget.Parse("64512:8000002");
    private static readonly VirtualNetwork Red = new("red", Id: 1, RouteTarget: RedTarget);
    private static readonly VirtualNetwork Blue = new("blue", Id: 2, RouteTarget: BlueTarget);
    private static readonly SecurityGroup Web = new("web", Rules: [new SecurityGroupRule("ingress", "http", "tcp", "80")], Id: 8000000);
    private static readonly Port Vm1 = new(
        "vm1",
        "red",
        Id: new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        Host: "host1",
        Addresses: [IpAddress.Parse("10.1.0.2")],
        MacAddress: MacAddress.Parse("02:00:00:00:00:01"),
        SecurityGroups: ["web"]
    );

    private IntentGraph _graph = null!;

    [SetUp]
    public void StartEmpty() => _graph = new IntentGraph();

    [Test]
    public void A_network_becomes_a_vrf_with_its_own_target_both_ways()
    {
        Assert.That(
            Put(Red).Vrfs,
            Is.EqualTo(
                new[]
                {
                    new VrfIntent(
                        "default-domain:default-project:red:red",
                        "default-domain:default-project:red",
                        1,
                        [RedTarget],
                        [RedTarget]
                    ),
                }
            )
        );
    }

    [Test]
    public void Connected_networks_import_each_others_target_until_the_connection_goes()
    {
        Put(Red, Blue);
        var connection = new NetworkConnection("red-blue", ["red", "blue"]);

        var connected = Put(connection);
        Assert.That(connected.Vrfs.Select(vrf => vrf.ImportTargets), Is.All.EqualTo(new[] { RedTarget, BlueTarget }));
        Assert.That(connected.Vrfs.Select(vrf => vrf.ExportTargets.Single()), Is.EqualTo(new[] { BlueTarget, RedTarget }));

        var parted = Delete(connection.Key);
        Assert.That(parted.Vrfs.Select(vrf => vrf.ImportTargets.Single()), Is.EqualTo(new[] { BlueTarget, RedTarget }));
    }

    [Test]
    public void A_host_sees_only_what_its_ports_need()
    {
        var delta = Put(Red, Blue, Web, Web with { Name = "db", Id = 8000001 }, Vm1);

        Assert.That(delta.Hosts.Single().Host, Is.EqualTo("host1"));
        Assert.That(
            delta.Hosts.Single().Changed.Select(value => value.Key.ToString()),
            Is.EqualTo(
                new[]
                {
                    "virtual-network/default-domain:default-project:red",
                    "security-group/default-domain:default-project:web",
                    "port/00000001-0002-0003-0405-060708090a0b",
                }
            )
        );
    }

    [Test]
    public void A_port_that_moves_leaves_one_view_and_enters_the_other()
    {
        Put(Red, Web, Vm1);
        var delta = Put(Vm1 with { Host = "host2" });

        Assert.That(
            delta.Hosts.Select(host => (host.Host, host.Changed.Count, host.Removed.Count)),
            Is.EqualTo(new[] { ("host1", 0, 3), ("host2", 3, 0) })
        );
        Assert.That(delta.Hosts[0].Removed[0].Type, Is.EqualTo(AgentPort.TypeName), "what refers goes first");
    }

    [Test]
    public void A_port_with_a_missing_group_is_closed_and_heals_when_the_group_comes()
    {
        Assert.That(Put(Red, Vm1).Hosts, Is.Empty);
        Assert.That(Put(Web).Hosts.Single().Changed.Select(value => value.Type), Does.Contain(AgentPort.TypeName));
        Assert.That(Delete(Web.Key).Hosts.Single().Removed.Select(key => key.Type), Does.Contain(AgentPort.TypeName));
    }

    [Test]
    public void A_group_without_egress_rules_gets_one_that_allows_all()
    {
        Put(Red, Web, Vm1);
        var rules = _graph.ViewOf("host1").OfType<AgentSecurityGroup>().Single().Rules;

        Assert.That(rules.Select(rule => (rule.Name, rule.Direction)), Does.Contain(("default-egress", TrafficDirection.Egress)));
    }

    [Test]
    public void An_egress_rule_to_a_missing_group_allows_nobody_and_opens_nothing()
    {
        Put(Red, Web with { Rules = [new SecurityGroupRule("egress", "to-db", RemoteGroup: "db")] }, Vm1);
        var rule = _graph.ViewOf("host1").OfType<AgentSecurityGroup>().Single().Rules.Single();
        Assert.That(rule.RemoteGroup, Is.EqualTo(uint.MaxValue));

        Put(Web with { Name = "db", Id = 8000001 });
        Assert.That(_graph.ViewOf("host1").OfType<AgentSecurityGroup>().Single().Rules.Single().RemoteGroup, Is.EqualTo(8000001));
    }

    [Test]
    public void A_neighbour_takes_what_it_leaves_open_from_the_global_settings()
    {
        Put(new BgpRouter("gw1", IpAddress.Parse("192.0.2.9")));
        var delta = Put(new GlobalConfig(As: 65000, EncapsulationPriority: ["udp"], GracefulRestartTime: 30));

        Assert.That(delta.Neighbors.Single().Settings.AsNumber, Is.EqualTo(new AsNumber(65000)));
        Assert.That(delta.Neighbors.Single().Settings.GracefulRestart.Time, Is.EqualTo(30));
        Assert.That(delta.Global, Is.EqualTo(new AgentGlobalConfig(new AsNumber(65000), [TunnelEncapsulations.MplsOverUdp])));
    }

    [Test]
    public void What_comes_and_goes_in_one_delta_leaves_no_trace()
    {
        _graph.Apply(new ConfigDelta(0, []));
        var delta = _graph.Apply(new ConfigDelta(1, [ConfigChange.Put(Red), ConfigChange.Delete(Red.Key)]));

        Assert.That(delta.IsEmpty, Is.True);
    }

    [Test]
    public void The_first_delta_has_the_default_settings_where_none_are_configured()
    {
        var delta = _graph.Apply(new ConfigDelta(0, []));

        Assert.That(delta.Global, Is.EqualTo(_graph.ViewOf("host1").Single()));
    }

    private IntentDelta Put(params ConfigObject[] objects) => _graph.Apply(new ConfigDelta(1, [.. objects.Select(ConfigChange.Put)]));

    private IntentDelta Delete(ConfigKey key) => _graph.Apply(new ConfigDelta(1, [ConfigChange.Delete(key)]));
}
