using System.Text;
using System.Text.Json;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Model.Tests.Config;

[TestFixture]
public sealed class ConfigJsonTests
{
    private static IEnumerable<TestCaseData> Golden()
    {
        yield return Case(
            new GlobalConfig(As: 65000, EncapsulationPriority: ["gre", "udp"]),
            """{"kind":"global-config","name":"default","as":65000,"encapsulation-priority":["gre","udp"],"graceful-restart-time":120}"""
        );
        yield return Case(
            new VirtualNetwork("red", "acme", 1400, [RouteTarget.Parse("64512:1")], [], [], 5, RouteTarget.Parse("64512:8000005")),
            """
            {"kind":"virtual-network","name":"red","project":"acme","mtu":1400,"import-route-targets":["target:64512:1"],"id":5,
             "route-target":"target:64512:8000005"}
            """
        );
        yield return Case(
            new Subnet(
                "red-v4",
                "red",
                IpPrefix.Parse("10.1.0.0/24"),
                "acme",
                IpAddress.Parse("10.1.0.1"),
                DnsServers: [IpAddress.Parse("192.0.2.53")],
                DomainName: "acme.example",
                HostRoutes: [new HostRoute(IpPrefix.Parse("198.51.100.0/24"), IpAddress.Parse("10.1.0.9"))]
            ),
            """
            {"kind":"subnet","name":"red-v4","project":"acme","network":"red","prefix":"10.1.0.0/24","gateway":"10.1.0.1","dhcp":true,
             "dns-servers":["192.0.2.53"],"domain-name":"acme.example",
             "host-routes":[{"prefix":"198.51.100.0/24","next-hop":"10.1.0.9"}]}
            """
        );
        yield return Case(
            new Port(
                "vm1",
                "red",
                "acme",
                Guid.Parse("6f1c0e52-1111-4222-8333-444455556666"),
                "host1",
                [IpAddress.Parse("10.1.0.10")],
                MacAddress.Parse("02:00:00:00:00:0a"),
                ["web"]
            ),
            """
            {"kind":"port","name":"vm1","project":"acme","network":"red","id":"6f1c0e52-1111-4222-8333-444455556666","host":"host1",
             "addresses":["10.1.0.10"],"mac-address":"02:00:00:00:00:0a","security-groups":["web"]}
            """
        );
        yield return Case(
            new SecurityGroup("web", "acme", [new SecurityGroupRule("ingress", "http", "tcp", "80", IpPrefix.Parse("0.0.0.0/0"))], 8000000),
            """
            {"kind":"security-group","name":"web","project":"acme","rules":[{"direction":"ingress","name":"http","protocol":"tcp",
             "ports":"80","remote-prefix":"0.0.0.0/0"}],"id":8000000}
            """
        );
        yield return Case(
            new NetworkConnection("red-blue", ["red", "other/blue"], "acme"),
            """{"kind":"network-connection","name":"red-blue","project":"acme","networks":["red","other/blue"]}"""
        );
        yield return Case(
            new BgpRouter(
                "gw1",
                IpAddress.Parse("192.0.2.9"),
                64512,
                new BgpIdentifier(0xC0000209),
                [AddressFamily.Vpnv4, AddressFamily.RouteTargetMembership]
            ),
            """
            {"kind":"bgp-router","name":"gw1","address":"192.0.2.9","as":64512,"router-id":"192.0.2.9","families":["vpnv4","rtc"],
             "port":179,"passive":false,"hold-time":90,"route-reflector-client":false,"admin-down":false}
            """
        );
    }

    private static TestCaseData Case(ConfigObject value, string json) =>
        new TestCaseData(value, json).SetArgDisplayNames(value.Kind.Word());

    [TestCaseSource(nameof(Golden))]
    public void An_object_is_read_from_its_golden_json(ConfigObject value, string json)
    {
        Assert.That(Read(json, out var errors), Is.EqualTo(value));
        Assert.That(errors, Is.Empty);
    }

    [TestCaseSource(nameof(Golden))]
    public void An_object_is_written_as_its_golden_json(ConfigObject value, string json)
    {
        Assert.That(
            JsonElement.DeepEquals(JsonDocument.Parse(ConfigJson.Format(value)).RootElement, JsonDocument.Parse(json).RootElement),
            Is.True,
            ConfigJson.Format(value)
        );
    }

    [Test]
    public void A_secret_is_stored_and_not_shown()
    {
        var router = new BgpRouter("gw1", IpAddress.Parse("192.0.2.9")) { Password = new Secret("open sesame") };
        using var shown = new MemoryStream();
        using (var writer = new Utf8JsonWriter(shown))
        {
            ConfigJson.Write(writer, router);
        }

        Assert.That(Encoding.UTF8.GetString(shown.ToArray()), Does.Not.Contain("sesame").And.Not.Contain("password"));
        Assert.That(router.ToString(), Does.Not.Contain("sesame"));
        Assert.That(ConfigJson.TryParse(ConfigJson.Format(router), out var stored), Is.True);
        Assert.That(stored, Is.EqualTo(router));
    }

    [Test]
    public void What_is_left_out_has_its_default()
    {
        var subnet = (Subnet?)Read("""{"kind":"subnet","name":"s","network":"red","prefix":"10.1.0.0/24"}""", out _);

        Assert.That(subnet, Is.EqualTo(new Subnet("s", "red", IpPrefix.Parse("10.1.0.0/24"), "default-project")));
        Assert.That(subnet!.Dhcp, Is.True);
    }

    [Test]
    public void Every_fault_of_shape_is_reported_with_its_path()
    {
        var json = """
            {"kind":"subnet","nmae":"s","network":5,"prefix":"10.1.0.1/24","gateway":"10.1","dhcp":"yes","dns-servers":["a","192.0.2.1",7],
             "host-routes":[{"next-hop":"x"}],"domain-name":null,"project":null}
            """;

        Assert.That(Read(json, out var errors), Is.Null);
        Assert.That(
            errors.Select(error => error.Path),
            Is.EquivalentTo(
                new[]
                {
                    "$.nmae",
                    "$.name",
                    "$.network",
                    "$.prefix",
                    "$.gateway",
                    "$.dhcp",
                    "$.dns-servers[0]",
                    "$.dns-servers[2]",
                    "$.host-routes[0].next-hop",
                    "$.host-routes[0].prefix",
                    "$.project",
                }
            )
        );
        Assert.That(errors.Select(error => error.Message), Has.Some.EqualTo("'10.1' is not an IP address such as \"10.1.0.1\"."));
        Assert.That(errors.Select(error => error.Message), Has.None.Contains("System."));
    }

    [TestCase("[]", "$")]
    [TestCase("{}", "$.kind")]
    [TestCase("""{"kind":"router"}""", "$.kind")]
    [TestCase("""{"kind":"virtual-network","name":"a","name":"b"}""", "$.name")]
    [TestCase("""{"kind":"virtual-network","name":"a","mtu":1.5}""", "$.mtu")]
    [TestCase("""{"kind":"bgp-router","name":"a","address":"192.0.2.1","port":70000}""", "$.port")]
    [TestCase("""{"kind":"bgp-router","name":"a","address":"192.0.2.1","role":"client"}""", "$.role")]
    [TestCase("""{"kind":"bgp-router","name":"a","address":"192.0.2.1","ttl":256}""", "$.ttl")]
    [TestCase("""{"kind":"bgp-router","name":"a","address":"192.0.2.1","local-as":{"no-prepend":true}}""", "$.local-as.number")]
    [TestCase(
        """{"kind":"bgp-router","name":"a","address":"192.0.2.1","graceful-shutdown":{"honour":true}}""",
        "$.graceful-shutdown.honour"
    )]
    [TestCase("""{"kind":"port","name":"a","network":"red","id":"7"}""", "$.id")]
    [TestCase("""{"kind":"port","name":"a","network":"red","addresses":"10.1.0.1"}""", "$.addresses")]
    public void A_fault_is_reported_at_its_path(string json, string path)
    {
        Assert.That(Read(json, out var errors), Is.Null);
        Assert.That(errors.Select(error => error.Path), Is.EqualTo(new[] { path }));
    }

    private static ConfigObject? Read(string json, out List<ConfigError> errors)
    {
        errors = [];
        return ConfigJson.Read(JsonDocument.Parse(json).RootElement, "$", errors);
    }
}
