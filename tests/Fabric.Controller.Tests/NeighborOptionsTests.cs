using Fabric.Controller.Options;
using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Primitives;

namespace Fabric.Controller.Tests;

public sealed class NeighborOptionsTests
{
    [Test]
    public void A_neighbours_own_value_wins_over_its_groups_and_that_over_the_nodes()
    {
        var neighbors = Read(
            """
            graceful-restart-time: 60
            groups:
              clients: { families: [vpnv4], route-reflector-client: true, hold-time: 30, graceful-restart: { helper-limit: 10 } }
            neighbors:
              - { name: gw2, address: 192.0.2.22, group: clients, hold-time: 9, as: 65001 }
              - { name: gw1, address: 192.0.2.21, description: gateway of row 1 }
            """
        ).Neighbors;

        var defaults = new BgpNeighborSettings
        {
            AsNumber = new AsNumber(64512),
            LocalAsNumber = new AsNumber(64512),
            Families = [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership],
            GracefulRestart = new GracefulRestartIntent(60),
        };
        var client = defaults with
        {
            AsNumber = new AsNumber(65001),
            Families = [AddressFamily.Vpnv4],
            RouteReflectorClient = true,
            HoldTime = 9,
            GracefulRestart = new GracefulRestartIntent(60, HelperLimit: 10),
        };
        Assert.That(
            neighbors,
            Is.EqualTo(
                new[]
                {
                    new BgpNeighborIntent("gw1", IpAddress.Parse("192.0.2.21"), defaults, "gateway of row 1"),
                    new BgpNeighborIntent("gw2", IpAddress.Parse("192.0.2.22"), client),
                }
            )
        );
    }

    [TestCase(
        "{ name: a, address: 192.0.2.9, hold-tiem: 9 }",
        "5:44: key 'neighbors[0].hold-tiem' is not known; did you mean 'hold-time'?"
    )]
    [TestCase("{ name: a, address: 192.0.2.9, group: client }", "there is no group 'client'; did you mean 'clients'? known are clients")]
    [TestCase("{ name: a, address: 192.0.2.0/24 }", "'192.0.2.0/24' is not an IP address of the neighbour")]
    [TestCase("{ name: a, address: 192.0.2.1 }", "192.0.2.1 is this node's own address")]
    [TestCase("{ name: a, address: 192.0.2.9, hold-time: 2 }", "'2' is not 0 (no keepalives) or seconds from 3 to 65535")]
    [TestCase(
        "{ name: a, address: 192.0.2.9, families: [vpnv5] }",
        "'vpnv5' is not one of ipv4, ipv6, ipv4-labelled, ipv6-labelled, vpnv4, vpnv6, evpn, rtc"
    )]
    [TestCase("{ name: a, address: 192.0.2.9, families: [rtc, rtc] }", "a family stands here twice")]
    [TestCase("{ name: a, address: 192.0.2.9, passive: yes }", "'yes' is not true or false")]
    [TestCase("{ name: a, address: 192.0.2.9, as: 23456 }", "'23456' is not an AS number")]
    [TestCase("{ name: a/b, address: 192.0.2.9 }", "'a/b' is not a name")]
    [TestCase("{ name: a, address: 192.0.2.9 }, { name: a, address: 192.0.2.8 }", "there is another neighbour 'a'")]
    [TestCase("{ name: a, address: 192.0.2.9 }, { name: b, address: 192.0.2.9 }", "192.0.2.9 is the address of neighbour 'a' too")]
    public void A_mistake_is_told_with_its_place_and_what_is_allowed(string neighbors, string expected) =>
        Assert.That(
            () => Read($"neighbors: [{neighbors}]\ngroups: {{ clients: {{}} }}\n"),
            Throws.TypeOf<OptionsException>().With.Message.StartsWith("control.yaml:5:").And.Message.Contains(expected)
        );

    [TestCase("0.0.0.0")]
    [TestCase("224.0.0.5")]
    [TestCase("255.255.255.255")]
    [TestCase("::")]
    [TestCase("ff02::5")]
    [TestCase("::ffff:192.0.2.1")]
    public void An_address_that_no_host_has_alone_is_nobodys(string address)
    {
        Assert.That(
            () => Read($"neighbors: [{{ name: a, address: '{address}' }}]\n"),
            Throws.TypeOf<OptionsException>().With.Message.Contains($"'{address}' is not an IP address of the neighbour")
        );
        Assert.That(
            () => ControlNodeOptionsFile.Read(OptionsFile.Parse($"node: a\nrouter-id: 192.0.2.1\nlisten: '{address}'\n", "control.yaml")),
            Throws.TypeOf<OptionsException>().With.Message.Contains($"'{address}' is not an IP address of this machine")
        );
    }

    [TestCase("prefix: 10.1.0.1/16", "'10.1.0.1/16' is not a prefix")]
    [TestCase("prefix: 10.1.0.0/16, limit: 0", "'0' is not a number of neighbours")]
    [TestCase("prefix: 10.1.0.0/16, port: 180", "'dynamic-neighbors[0].port' is not known")]
    [TestCase("limit: 4", "'dynamic-neighbors[0].prefix' is missing")]
    public void A_mistake_in_a_dynamic_prefix_is_told(string range, string expected) =>
        Assert.That(() => Read($"dynamic-neighbors: [{{ {range} }}]\n"), Throws.TypeOf<OptionsException>().With.Message.Contains(expected));

    /// <summary>The fault goes into the log when the file is read again.</summary>
    [Test]
    public void A_password_that_cannot_be_taken_is_not_quoted()
    {
        var tooLong = string.Concat(Enumerable.Repeat("s3cr3t", 20));

        var fault = Assert
            .Throws<OptionsException>(() => Read($"neighbors: [{{ name: a, address: 192.0.2.9, password: {tooLong} }}]\n"))!
            .Message;

        Assert.That(fault, Does.Contain("key 'neighbors[0].password': what stands here is not 1 to 80 octets of text"));
        Assert.That(fault, Does.Not.Contain("s3cr3t"));
    }

    [Test]
    public void All_mistakes_are_told_in_one_go()
    {
        const string text = "neighbors:\n  - { name: a, address: nowhere, group: g }\ngroups:\n  h: { port: 0 }\nbgp-prot: 1\n";

        var lines = Assert.Throws<OptionsException>(() => Read(text))!.Message.Split('\n');

        Assert.That(
            lines.Select(line => line[..line.IndexOf(": ", StringComparison.Ordinal)]),
            Is.EquivalentTo(new[] { "control.yaml:6:25", "control.yaml:6:41", "control.yaml:8:14", "control.yaml:9:1" })
        );
    }

    [Test]
    public void The_examples_of_the_documentation_are_good()
    {
        var folder = new DirectoryInfo(TestContext.CurrentContext.TestDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "docs", "configuration.md")))
        {
            folder = folder.Parent;
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "configuration.md"));
        var section = page[
            page.IndexOf("#### Neighbours in the file", StringComparison.Ordinal)..page.IndexOf(
                "### fabric-agent",
                StringComparison.Ordinal
            )
        ];
        var examples = section.Split("```yaml").Skip(1).Select(text => text[..text.IndexOf("```", StringComparison.Ordinal)]).ToList();

        var options = ControlNodeOptionsFile.Read(OptionsFile.Parse(examples[0], "configuration.md"));

        Assert.That(options.Neighbors.Select(neighbor => neighbor.Name), Is.EqualTo(new[] { "gw1", "gw2", "peer1" }));
        Assert.That(options.DynamicNeighbors.Single().Settings.RouteReflectorClient, Is.True);
        Assert.That(Read(examples[1]).Neighbors.Single().Settings.LocalAs, Is.Not.Null);
        Assert.That(Read(examples[2]).Policies.Select(policy => policy.Terms.Count), Is.EqualTo(new[] { 4, 1 }));
        Assert.That(Read(examples[3]).Bmp, Is.Not.Null);
        Assert.That(Read(examples[4]).Mrt, Is.Not.Null);
    }

    private static ControlNodeOptions Read(string text) => ControlFile.Read(text);
}
