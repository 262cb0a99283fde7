using Fabric.Agent.Configuration;
using Fabric.Agent.Core;
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
        Assert.That(options.Stream.Folder, Is.EqualTo("/var/lib/fabric/host1/stream"));
        Assert.That(options.Node.Flows, Is.EqualTo(new FlowReporting(UpdateSeconds: 30, Sampling: 1, Starts: true)));
        Assert.That(options.Export, Is.Null);
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
            flows: { update-seconds: -1, sampling: 0, starts: 1 }
            stream: { kafka: {} }
            """;
        var faults = Assert.Throws<OptionsException>(() => Parse(Text)).Message;
        foreach (
            var key in (string[])
                [
                    "address",
                    "controllers",
                    "tls.key",
                    "tls.authority",
                    "underlay-mtu",
                    "mtu",
                    "flows.update-seconds",
                    "flows.sampling",
                    "flows.starts",
                    "stream.kafka.servers",
                ]
        )
        {
            Assert.That(faults, Does.Contain($"key '{key}'"));
        }
    }

    [Test]
    public void The_names_of_control_nodes_are_for_their_certificates()
    {
        const string Least = "node: host1\naddress: 192.0.2.11\ncontrollers: [192.0.2.1:5269]\ncontroller-names: [control1]\n";

        var options = Parse(Least + "tls: { certificate: /a.pem, key: /b.pem, authority: /c.pem }\n");

        Assert.That(options.Node.ControllerNames, Is.EqualTo(new[] { "control1" }));
        Assert.That(() => Parse(Least), Throws.TypeOf<OptionsException>().With.Message.Contain("key 'controller-names'"));
    }

    [Test]
    public void Flows_are_reported_as_the_file_says()
    {
        const string Text = """
            node: host1
            address: 192.0.2.11
            controllers: [192.0.2.1:5269]
            flows: { update-seconds: 0, sampling: 100, starts: false, aggregate-seconds: 60 }
            """;
        Assert.That(Parse(Text).Summaries!.Interval, Is.EqualTo(60_000_000));
        Assert.That(Parse(Text).Node.Flows, Is.EqualTo(new FlowReporting(UpdateSeconds: 0, Sampling: 100, Starts: false)));
    }

    [Test]
    public void Collectors_know_the_host_by_its_address_unless_the_file_says_otherwise()
    {
        const string Text = """
            node: host1
            address: 192.0.2.11
            controllers: [192.0.2.1:5269]
            export: { ipfix: { collectors: 192.0.2.61:4739 }, sflow: { collectors: 192.0.2.61:6343 } }
            """;
        var export = Parse(Text).Export!;
        Assert.That(export.Ipfix!.Collectors.Single().ToString(), Is.EqualTo("192.0.2.61:4739"));
        Assert.That(export.Sflow!.Agent.ToString(), Is.EqualTo("192.0.2.11"));
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
