using Fabric.Agent.Configuration;
using Fabric.Hosting.Configuration;

namespace Fabric.Agent.Tests;

public sealed class AgentOptionsTests
{
    [Test]
    public void A_file_with_the_least_has_the_defaults()
    {
        var options = Parse("node: host1\naddress: 192.0.2.11\ncontrollers: [192.0.2.1:5269, 192.0.2.2:5269]\n");
        Assert.That(options.PortSocket, Is.EqualTo("/run/fabric/host1/port.sock"));
        Assert.That(options.Node.DataPlane.ToString(), Is.EqualTo("/run/fabric/host1/dp.sock"));
        Assert.That(options.StateDirectory, Is.EqualTo("/var/lib/fabric/host1"));
        Assert.That(options.PortApi!.ToString(), Is.EqualTo("127.0.0.1:9091"));
        Assert.That(options.Metrics!.ToString(), Is.EqualTo("127.0.0.1:9092"));
        Assert.That(options.Node.Controllers, Has.Count.EqualTo(2));
        Assert.That(options.Node.Tls, Is.Null);
        Assert.That(options.Node.UnderlayMtu, Is.EqualTo(1500));
    }

    [Test]
    public void All_faults_are_named_at_once()
    {
        const string Text = """
            node: host1
            address: 2001:db8::1
            controllers: [192.0.2.1]
            tls: { certificate: /a.pem, key: b.pem }
            underlay-mtu: 100
            mtu: 1500
            """;
        var faults = Assert.Throws<OptionsException>(() => Parse(Text)).Message;
        foreach (var key in (string[])["address", "controllers", "tls.key", "tls.authority", "underlay-mtu", "mtu"])
        {
            Assert.That(faults, Does.Contain($"key '{key}'"));
        }
    }

    [Test]
    public void Without_controllers_there_is_nothing_to_do()
    {
        Assert.That(
            () => Parse("node: host1\naddress: 192.0.2.11\n"),
            Throws.TypeOf<OptionsException>().With.Message.Contains("key 'controllers': expected a list")
        );
    }

    private static AgentOptions Parse(string text) => AgentOptions.From(OptionsFile.Parse(text, "agent.yaml"));
}
