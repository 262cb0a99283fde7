using Fabric.Config.Stores;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Tests;

[TestFixture]
public sealed class ValidationTests
{
    private static readonly ConfigObject[] Base =
    [
        new VirtualNetwork("red"),
        new Subnet("red-v4", "red", IpPrefix.Parse("10.1.0.0/24")),
        new Port("vm1", "red", Addresses: [IpAddress.Parse("10.1.0.10")], MacAddress: MacAddress.Parse("02:00:00:00:00:aa")),
        new SecurityGroup("web", Rules: [new SecurityGroupRule("ingress", "http", "tcp", "80")]),
        new BgpRouter("gw1", IpAddress.Parse("192.0.2.9")),
    ];

    private static IEnumerable<TestCaseData> Faults()
    {
        yield return Fault(new VirtualNetwork("re d"), "$.name");
        yield return Fault(new VirtualNetwork("blue", "a:b"), "$.project");
        yield return Fault(new VirtualNetwork("blue", Mtu: 20), "$.mtu");
        yield return Fault(new VirtualNetwork("blue", Id: 1), "$.id");
        yield return Fault(new VirtualNetwork("red", Id: 7), "$.id");
        yield return Fault(new VirtualNetwork("blue", RouteTarget: RouteTarget.Parse("target:64512:8000001")), "$.route-target");
        yield return Fault(new Subnet("s", "green", IpPrefix.Parse("10.9.0.0/24")), "$.network");
        yield return Fault(new Subnet("s", "red", IpPrefix.Parse("10.1.0.128/25")), "$.prefix");
        yield return Fault(new Subnet("s", "red", IpPrefix.Parse("2001:db8::/64")), "$.prefix");
        yield return Fault(new Subnet("s", "red", IpPrefix.Parse("10.2.0.0/31")), "$.prefix");
        yield return Fault(
            new Subnet("s", "red", IpPrefix.Parse("10.2.0.0/24"), Gateway: IpAddress.Parse("10.3.0.1")),
            "$.gateway",
            "$.service-address"
        );
        yield return Fault(
            new Subnet("s", "red", IpPrefix.Parse("10.2.0.0/24"), HostRoutes: [.. Enumerable.Range(0, 67).Select(HostRouteOfNineOctets)]),
            "$.host-routes"
        );
        yield return Fault(
            new Subnet("s", "red", IpPrefix.Parse("10.2.0.0/24"), Gateway: IpAddress.Parse("10.2.0.255")),
            "$.gateway",
            "$.service-address"
        );
        yield return Fault(new Port("vm2", "red", Addresses: [IpAddress.Parse("10.1.0.10")]), "$.addresses[0]");
        yield return Fault(new Port("vm2", "red", Addresses: [IpAddress.Parse("10.9.0.10")]), "$.addresses[0]");
        yield return Fault(new Port("vm2", "red", Addresses: [IpAddress.Parse("10.1.0.1")]), "$.addresses[0]");
        yield return Fault(new Port("vm2", "red", MacAddress: MacAddress.Parse("02:00:00:00:00:aa")), "$.mac-address");
        yield return Fault(new Port("vm2", "red", MacAddress: MacAddress.Parse("01:00:00:00:00:aa")), "$.mac-address");
        yield return Fault(new Port("vm2", "red", SecurityGroups: ["web", "none"]), "$.security-groups[1]");
        yield return Fault(new Port("vm2", "green", Host: "a b"), "$.network", "$.host");
        yield return Fault(Group(new SecurityGroupRule("in")), "$.rules[0].direction");
        yield return Fault(Group(new SecurityGroupRule("ingress", Protocol: "tpc")), "$.rules[0].protocol");
        yield return Fault(Group(new SecurityGroupRule("ingress", Protocol: "tcp", Ports: "90-80")), "$.rules[0].ports");
        yield return Fault(Group(new SecurityGroupRule("ingress", Protocol: "tcp", Ports: "65536")), "$.rules[0].ports");
        yield return Fault(Group(new SecurityGroupRule("ingress", Ports: "80")), "$.rules[0].ports");
        yield return Fault(Group(new SecurityGroupRule("ingress", RemoteGroup: "none")), "$.rules[0].remote-group");
        yield return Fault(Group(new SecurityGroupRule("ingress", "a"), new SecurityGroupRule("egress", "a")), "$.rules[1].name");
        yield return Fault(new NetworkConnection("c", ["red"]), "$.networks");
        yield return Fault(new NetworkConnection("c", ["red", "green"]), "$.networks[1]");
        yield return Fault(new BgpRouter("gw2", IpAddress.Parse("192.0.2.9")), "$.address");
        yield return Fault(new BgpRouter("gw2", IpAddress.Parse("0.0.0.0")), "$.address");
        yield return Fault(new BgpRouter("gw2", IpAddress.Parse("ff02::5")), "$.address");
        yield return Fault(
            new BgpRouter("gw2", IpAddress.Parse("192.0.2.8"), As: 0, Port: 0, HoldTime: 2),
            "$.as",
            "$.port",
            "$.hold-time"
        );
        yield return Fault(
            new BgpRouter("gw2", IpAddress.Parse("192.0.2.8"), ShutdownMessage: new string('a', 256))
            {
                MinHoldTime = 91,
                RoleStrict = true,
                Ttl = 1,
                TtlSecurity = 255,
                NextHop = NextHopRule.Self,
                AllowOwnAs = 11,
                Password = new Secret(new string('a', 81)),
                LocalAs = new LocalAsKeys(23456),
                ExtendedNextHops = [AddressFamily.Vpnv4, AddressFamily.Vpnv6],
                AddPath = [new(AddressFamily.Vpnv4, Send: "256"), new(AddressFamily.RouteTargetMembership, Receive: true)],
                MaxPrefixes = [new(AddressFamily.Vpnv4, 0, 101), new(AddressFamily.Vpnv4, 1)],
                GracefulRestart = new(4096, LongLived: new(1 << 24)),
            },
            "$.shutdown-message",
            "$.min-hold-time",
            "$.role-strict",
            "$.ttl",
            "$.ttl-security",
            "$.next-hop",
            "$.allow-own-as",
            "$.password",
            "$.local-as.number",
            "$.extended-next-hops",
            "$.add-path[0].send",
            "$.add-path[1].family",
            "$.max-prefixes",
            "$.max-prefixes[0].limit",
            "$.max-prefixes[0].warning",
            "$.graceful-restart.time",
            "$.graceful-restart.long-lived.stale-time"
        );
        yield return Fault(
            new GlobalConfig("mine", 23456, ["gre", "ipip"], 5000),
            "$.name",
            "$.as",
            "$.graceful-restart-time",
            "$.encapsulation-priority[1]"
        );
    }

    private static TestCaseData Fault(ConfigObject value, params string[] paths) =>
        new TestCaseData(value, paths).SetArgDisplayNames($"{value.Kind.Word()} {string.Join(' ', paths)} {value.GetHashCode():x}");

    private static HostRoute HostRouteOfNineOctets(int number) => new(new IpPrefix(IpAddress.FromIpv4(0xC0000200 + (uint)number), 32));

    private static SecurityGroup Group(params SecurityGroupRule[] rules) => new("g", Rules: [.. rules]);

    [TestCaseSource(nameof(Faults))]
    public void All_faults_of_a_request_are_reported_at_once_with_paths(ConfigObject value, string[] paths)
    {
        var result = Started().Apply([ConfigEdit.Put(value)]);

        Assert.That(result.Outcome, Is.EqualTo(ApplyOutcome.Invalid));
        Assert.That(result.Errors.Select(error => error.Path), Is.EquivalentTo(paths));
        Assert.That(result.Errors.Select(error => error.NextStep), Has.None.Empty);
    }

    [Test]
    public void A_subnet_that_moves_away_from_under_its_ports_is_refused_at_the_subnet()
    {
        var moved = new Subnet("red-v4", "red", IpPrefix.Parse("10.7.0.0/24"));
        var result = Started().Apply([ConfigEdit.Put(moved)]);

        Assert.That(result.Errors.Single().Message, Does.Contain("vm1").And.Contain("10.1.0.10"));
    }

    [Test]
    public void A_full_subnet_is_reported()
    {
        var service = Started();
        service.Apply([ConfigEdit.Put(new VirtualNetwork("tiny")), ConfigEdit.Put(new Subnet("t", "tiny", IpPrefix.Parse("10.4.0.0/30")))]);
        var first = service.Apply([ConfigEdit.Put(new Port("a", "tiny"))]);
        var second = service.Apply([ConfigEdit.Put(new Port("b", "tiny"))]);

        Assert.That(first.Outcome, Is.EqualTo(ApplyOutcome.Applied));
        Assert.That(second.Errors.Single().Path, Is.EqualTo("$.addresses"));
    }

    private static ConfigService Started()
    {
        byte identifiers = 0;
        var service = new ConfigService(new MemoryConfigStore(), () => new Guid(1, 2, 3, 4, 0, 0, 0, 0, 0, 0, ++identifiers));
        Assert.That(service.Apply([.. Base.Select(value => ConfigEdit.Put(value))]).Errors, Is.Empty);
        return service;
    }
}
