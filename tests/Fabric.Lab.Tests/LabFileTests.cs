using System.Net;
using Fabric.Lab.Definition;

namespace Fabric.Lab.Tests;

[TestFixture]
public sealed class LabFileTests
{
    private const string Smallest = """
        lab: small
        as: 64512
        underlay:
          prefix: 192.0.2.0/24
          mtu: 1500
        control-nodes:
          - name: control1
            address: 192.0.2.1
        hosts:
          - name: host1
            address: 192.0.2.11
        networks:
          - name: red
            prefix: 10.1.0.0/24
        machines:
          - name: red1
            network: red
            host: host1
            address: 10.1.0.3
        """;

    [Test]
    public void The_smallest_lab_has_a_control_node_and_a_host()
    {
        var lab = Read(Smallest, out var errors);

        Assert.That(errors, Is.Empty);
        Assert.That(lab!.Nodes.Select(node => node.Name), Is.EqualTo(new[] { "control1", "host1" }));
        Assert.That(lab.Machines.Single().Tap, Is.EqualTo("tap-red1"));
    }

    [Test]
    public void The_quickstart_is_a_lab_in_which_every_point_can_be_checked()
    {
        using var file = File.OpenText(Nodes.Programs.Script("quickstart.yaml"));

        var lab = LabFile.Read(file, out var errors)!;

        Assert.That(errors, Is.Empty);
        var context = new Checks.CheckContext(lab, new LabPaths(lab.Name));
        Assert.That(context.First.Definition.Name, Is.EqualTo("red1"));
        Assert.That(context.Neighbour.Definition.Name, Is.EqualTo("red2"));
        Assert.That(context.Remote.Definition.Name, Is.EqualTo("red3"));
        Assert.That(context.Guarded.Definition.Name, Is.EqualTo("red3"));
        Assert.That(context.Foreign.Definition.Name, Is.EqualTo("blue1"));
        Assert.That(lab.Gateways.Select(gateway => gateway.Software), Is.EqualTo(new[] { "frr", "gobgp" }));
    }

    [Test]
    public void A_tenant_packet_leaves_room_for_ipv4_gre_and_a_label() => Assert.That(Read(Smallest, out _)!.TenantMtu, Is.EqualTo(1472));

    [Test]
    public void The_gateway_of_a_network_is_its_first_address() =>
        Assert.That(Read(Smallest, out _)!.Networks.Single().Gateway, Is.EqualTo(IPAddress.Parse("10.1.0.1")));

    [Test]
    public void All_errors_are_told_at_once_with_line_and_key()
    {
        Read(
            Smallest.Replace("as: 64512", "as: many").Replace("prefix: 10.1.0.0/24", "prefix: 10.1.0.1/24").Replace("    host: host1", ""),
            out var errors
        );

        Assert.That(
            errors,
            Is.EqualTo(
                new[]
                {
                    "line 2: as 'many' must be a number from 1 to 4294967295",
                    "line 14: networks[0].prefix '10.1.0.1/24' must be an IPv4 prefix without host bits, such as 10.1.0.0/24",
                    "line 16: machines[0].host is missing",
                }
            )
        );
    }

    [Test]
    public void A_misspelt_key_is_an_error()
    {
        Read(Smallest + "\n    adress: 10.1.0.4", out var errors);

        Assert.That(errors, Is.EqualTo(new[] { "line 20: machines[0].adress is not a key of this file" }));
    }

    [TestCase("network: red", "network: green", "red1: there is no network 'green'")]
    [TestCase("host: host1", "host: host9", "red1: there is no host 'host9'")]
    [TestCase("address: 10.1.0.3", "address: 10.2.0.3", "red1: 10.2.0.3 is no address for a machine of 10.1.0.0/24")]
    [TestCase("address: 10.1.0.3", "address: 10.1.0.1", "red1: 10.1.0.1 is no address for a machine of 10.1.0.0/24")]
    [TestCase("address: 192.0.2.11", "address: 198.51.100.1", "host1: 198.51.100.1 is not in the underlay 192.0.2.0/24")]
    [TestCase("address: 192.0.2.11", "address: 192.0.2.1", "underlay address '192.0.2.1' is given 2 times")]
    [TestCase("name: host1", "name: red1", "name 'red1' is given 2 times")]
    public void References_and_addresses_must_fit(string right, string wrong, string error)
    {
        Read(Smallest.Replace(right, wrong), out var errors);

        Assert.That(errors, Does.Contain(error));
    }

    [TestCase("a-name-too-long")]
    [TestCase("Red1")]
    [TestCase("1red")]
    [TestCase("red_1")]
    public void A_name_becomes_a_link_name(string name)
    {
        Read(Smallest.Replace("name: red1", $"name: {name}"), out var errors);

        Assert.That(errors, Has.One.Contains($"'{name}' must be lower-case letters"));
    }

    [TestCase("- a list")]
    [TestCase("")]
    [TestCase("lab: [unclosed")]
    public void What_is_no_mapping_is_an_error_with_a_line(string text)
    {
        Assert.That(Read(text, out var errors), Is.Null);
        Assert.That(errors, Has.One.StartsWith("line "));
    }

    private static LabDefinition? Read(string text, out IReadOnlyList<string> errors) => LabFile.Read(new StringReader(text), out errors);
}
