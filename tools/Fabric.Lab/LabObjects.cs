using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fabric.Lab.Definition;

namespace Fabric.Lab;

/// <summary>What the lab asks of Fabric: the configuration objects of the control node's API, and the plug requests of the hosts' port API.</summary>
public static class LabObjects
{
    /// <summary>Every object of the lab, each after those that it refers to.</summary>
    public static JsonArray All(LabDefinition lab) =>
        [
            new JsonObject { ["kind"] = "global-config", ["as"] = lab.AutonomousSystem },
            .. lab.Gateways.Select(gateway => BgpRouter(lab, gateway)),
            .. lab.Networks.SelectMany(Network),
            .. lab.SecurityGroups.Select(SecurityGroup),
            .. lab.Machines.Select(machine => Port(lab, machine)),
        ];

    public static IEnumerable<JsonNode> Network(LabNetwork network) =>
        [
            new JsonObject { ["kind"] = "virtual-network", ["name"] = network.Name },
            new JsonObject
            {
                ["kind"] = "subnet",
                ["name"] = SubnetName(network),
                ["network"] = network.Name,
                ["prefix"] = network.Prefix.ToString(),
                ["dns-servers"] = Strings(network.DnsServers),
                ["host-routes"] = new JsonArray([
                    .. network.HostRoutes.Select(route => new JsonObject
                    {
                        ["prefix"] = route.Prefix.ToString(),
                        ["next-hop"] = route.NextHop.ToString(),
                    }),
                ]),
            },
        ];

    public static string SubnetName(LabNetwork network) => $"{network.Name}-subnet";

    public static JsonNode Port(LabDefinition lab, LabMachine machine) =>
        new JsonObject
        {
            ["kind"] = "port",
            ["name"] = machine.Name,
            ["id"] = PortId(lab, machine).ToString(),
            ["network"] = machine.Network,
            ["host"] = machine.Host,
            ["addresses"] = Strings([machine.Address]),
            ["mac-address"] = MacAddress(lab, machine),
            ["security-groups"] = Strings(machine.SecurityGroups),
        };

    /// <summary>Networks that exchange their routes.</summary>
    public static JsonNode Connection(string name, params string[] networks) =>
        new JsonObject
        {
            ["kind"] = "network-connection",
            ["name"] = name,
            ["networks"] = Strings(networks),
        };

    /// <summary>The body of <c>POST /port</c>.</summary>
    public static JsonNode Plug(LabDefinition lab, LabMachine machine) =>
        new JsonObject
        {
            ["id"] = PortId(lab, machine).ToString(),
            ["instance-id"] = Identifier($"{lab.Name}/machine/{machine.Name}").ToString(),
            ["display-name"] = machine.Name,
            ["ip-address"] = machine.Address.ToString(),
            ["mac-address"] = MacAddress(lab, machine),
            ["system-name"] = machine.Tap,
            ["type"] = 0,
            ["rx-vlan-id"] = -1,
            ["tx-vlan-id"] = -1,
        };

    /// <summary>The same in every run of a lab, so that a restarted one is recognised.</summary>
    public static Guid PortId(LabDefinition lab, LabMachine machine) => Identifier($"{lab.Name}/port/{machine.Name}");

    /// <summary>Locally administered (bit 1 of the first octet, IEEE 802), and the same in every run.</summary>
    public static string MacAddress(LabDefinition lab, LabMachine machine)
    {
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes($"{lab.Name}/{machine.Name}"));
        return $"02:00:{digest[0]:x2}:{digest[1]:x2}:{digest[2]:x2}:{digest[3]:x2}";
    }

    private static JsonObject BgpRouter(LabDefinition lab, LabGateway gateway) =>
        new()
        {
            ["kind"] = "bgp-router",
            ["name"] = gateway.Name,
            ["address"] = gateway.Address.ToString(),
            ["as"] = lab.AutonomousSystem,
            ["families"] = gateway.Software == "gobgp" ? Strings(["vpnv4", "rtc"]) : Strings(["vpnv4"]),
        };

    private static JsonObject SecurityGroup(LabSecurityGroup group) =>
        new()
        {
            ["kind"] = "security-group",
            ["name"] = group.Name,
            ["rules"] = new JsonArray([.. group.Rules.Select(Rule)]),
        };

    private static JsonObject Rule(LabSecurityRule rule)
    {
        var result = new JsonObject { ["name"] = rule.Name, ["direction"] = rule.Direction };
        foreach (var (key, value) in new[] { ("protocol", rule.Protocol), ("ports", rule.Ports), ("remote-prefix", rule.RemotePrefix) })
        {
            if (value is not null)
            {
                result[key] = value;
            }
        }

        return result;
    }

    // RFC 9562 section 5.8: version 8 leaves the bits to us; a digest of the name here.
    private static Guid Identifier(string name)
    {
        var bytes = SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private static JsonArray Strings<T>(params IEnumerable<T> values) =>
        new([.. values.Select(value => JsonValue.Create(value?.ToString()))]);
}
