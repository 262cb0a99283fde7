using Fabric.Model.Config;

namespace Fabric.Controller.Tests.Scenarios;

/// <summary>What agents are sent of the configuration.</summary>
public sealed class ConfigTests
{
    [Test]
    public void An_agent_that_asks_gets_its_hosts_view_with_what_an_object_refers_to_before_it()
    {
        var (_, host1) = Start();

        Assert.That(
            host1.Take().Select(line => string.Join(' ', line.Split(' ')[..Math.Min(2, line.Split(' ').Length)])),
            Is.EqualTo(new[] { "put global-vrouter-config", "put virtual-network", "put port", "end-of-config" })
        );
    }

    [Test]
    public void A_host_that_loses_its_last_port_keeps_the_global_settings_alone()
    {
        var (scene, host1) = Start();
        host1.Take();

        scene.Delete(Scene.TwoNetworks[4]);
        scene.Run();
        Assert.That(host1.Take().Select(line => line.Split(' ')[0]), Is.EqualTo(new[] { "delete", "delete", "end-of-config" }));
        host1.Session.SubscribeConfig();
        scene.Run();

        Assert.That(host1.Take(), Is.EqualTo(new[] { "put global-vrouter-config global", "end-of-config" }));
    }

    [Test]
    public void A_change_for_all_reaches_an_agent_without_ports()
    {
        var (scene, _) = Start();
        var host9 = scene.Agent("host9", 19).Connected();
        host9.Session.SubscribeConfig();
        scene.Run();
        host9.Take();

        scene.Apply(new GlobalConfig(EncapsulationPriority: ["udp", "gre"]));
        scene.Run();

        Assert.That(host9.Take(), Is.EqualTo(new[] { "put global-vrouter-config global", "end-of-config" }));
    }

    private static (Scene Scene, AgentPlayer Host1) Start()
    {
        var scene = new Scene();
        scene.Run();
        scene.Apply([new GlobalConfig(), .. Scene.TwoNetworks]);
        var host1 = scene.Agent("host1", 11).Connected();
        host1.Session.SubscribeConfig();
        scene.Run();
        return (scene, host1);
    }
}
