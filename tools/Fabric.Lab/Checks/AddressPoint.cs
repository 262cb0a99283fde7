using System.Globalization;
using System.Text.Json.Nodes;
using Fabric.Lab.Definition;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>Point 1: address, routes, resolvers and MTU come from the data plane, to two different clients.</summary>
internal sealed class AddressPoint() : CheckPoint(1, "every machine got address, routes, DNS and MTU by DHCP")
{
    public override async Task<string> RunAsync(CheckContext context)
    {
        await Task.WhenAll(context.Machines.Select(machine => CheckAsync(context, machine)));
        return $"{context.Lab.Machines.Count} machines, udhcpc and dhclient, MTU {context.Lab.TenantMtu}";
    }

    private static async Task CheckAsync(CheckContext context, VirtualMachine machine)
    {
        await CheckAppliedAsync(context, machine);
        CheckLease(context, machine, "udhcpc", machine.LeaseFile);

        var lease = context.File($"dhclient-{machine.Definition.Name}");
        // dhclient goes to the background once it has a lease; -x ends it there.
        await Command.MustAsync(machine.Namespace.Inside(["dhclient", "-4", "-1", .. Options(lease)]));
        await Command.MustAsync(machine.Namespace.Inside(["dhclient", "-4", "-x", .. Options(lease)]));
        CheckLease(context, machine, "dhclient", lease);
    }

    // Its files are the lab's: it would otherwise write the host's leases, pid file and resolv.conf.
    private static string[] Options(string lease) =>
        [
            .. new[] { "-q", "-cf", Nodes.Programs.Script("dhclient.conf"), "-sf", Nodes.Programs.Script("dhclient-script") },
            .. new[] { "-lf", $"{lease}.leases", "-pf", $"{lease}.pid", "-e", $"FABRIC_LEASE={lease}", "eth0" },
        ];

    /// <summary>What the kernel of the machine has after udhcpc's script.</summary>
    private static async Task CheckAppliedAsync(CheckContext context, VirtualMachine machine)
    {
        var name = machine.Definition.Name;
        var network = context.Lab.NetworkOf(machine.Definition);
        var link = JsonNode.Parse(await machine.Namespace.MustAsync("ip", "-j", "-4", "address", "show", "dev", "eth0"))![0]!;
        var address = link["addr_info"]?.AsArray().Select(info => $"{info!["local"]}/{info["prefixlen"]}").SingleOrDefault();
        var expected = $"{machine.Definition.Address}/{network.Prefix.PrefixLength}";
        Require(address == expected, $"{name} has the address {address ?? "(none)"}, not {expected}; see {machine.LeaseFile}");
        Require((int)link["mtu"]! == context.Lab.TenantMtu, $"{name} has MTU {link["mtu"]}, not {context.Lab.TenantMtu} (option 26)");

        var routes = JsonNode.Parse(await machine.Namespace.MustAsync("ip", "-j", "-4", "route"))!.AsArray();
        foreach (var route in network.HostRoutes.Append(new LabHostRoute(default, network.Gateway)))
        {
            var prefix = route.Prefix == default ? "default" : route.Prefix.ToString();
            Require(
                routes.Any(entry => (string?)entry!["dst"] == prefix && (string?)entry["gateway"] == route.NextHop.ToString()),
                $"{name} has no route {prefix} via {route.NextHop} (options 3 and 121)"
            );
        }

        var resolvers = (await Command.MustAsync(machine.Namespace.AsMachine("cat", "/etc/resolv.conf"))).Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries
        );
        Require(
            resolvers.SequenceEqual(network.DnsServers.Select(server => $"nameserver {server}")),
            $"{name} has the resolvers '{string.Join(", ", resolvers)}' (option 6)"
        );
    }

    private static void CheckLease(CheckContext context, VirtualMachine machine, string client, string file)
    {
        var name = machine.Definition.Name;
        var network = context.Lab.NetworkOf(machine.Definition);
        Require(File.Exists(file), $"{client} of {name} got no lease");
        var lease = File.ReadAllLines(file)
            .Select(line => line.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        Require(lease["ip"] == machine.Definition.Address.ToString(), $"{client} of {name} was given {lease["ip"]}");
        Require(
            lease["mtu"] == context.Lab.TenantMtu.ToString(CultureInfo.InvariantCulture),
            $"{client} of {name} was given MTU '{lease["mtu"]}'"
        );
        Require(
            lease["dns"]
                .Split([' ', ','], StringSplitOptions.RemoveEmptyEntries)
                .SequenceEqual(network.DnsServers.Select(server => server.ToString())),
            $"{client} of {name} was given the resolvers '{lease["dns"]}'"
        );
        // RFC 3442: with option 121, option 3 counts for nothing and need not be there.
        Require(
            network.HostRoutes.Count > 0 ? lease["staticroutes"].Length > 0 : lease["router"] == network.Gateway.ToString(),
            $"{client} of {name} was given routers '{lease["router"]}' and static routes '{lease["staticroutes"]}'"
        );
    }
}
