using Fabric.Config.Allocation;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Validation;

internal static class PortRules
{
    public static void Check(ConfigDraft draft, ConfigReport report)
    {
        var identifiers = new Dictionary<Guid, ConfigKey>();
        var addresses = new Dictionary<(ConfigKey Network, IpAddress Address), ConfigKey>();
        var macs = new Dictionary<(ConfigKey Network, MacAddress Address), ConfigKey>();
        var subnets = draft.Of<Subnet>().ToLookup(subnet => ConfigKey.Resolve(ConfigKind.VirtualNetwork, subnet.Project, subnet.Network));
        foreach (var port in draft.Of<Port>())
        {
            var network = ConfigKey.Resolve(ConfigKind.VirtualNetwork, port.Project, port.Network);
            if (report.CheckReference(port, ".network", network))
            {
                CheckAddresses(port, network, [.. subnets[network]], report);
            }

            for (var i = 0; i < port.SecurityGroups.Count; i++)
            {
                var group = ConfigKey.Resolve(ConfigKind.SecurityGroup, port.Project, port.SecurityGroups[i]);
                report.CheckReference(port, $".security-groups[{i}]", group);
            }

            CheckIdentity(port, draft.Before<Port>(port.Key), report);
            CheckUnique(port, ".id", port.Id.GetValueOrDefault(), identifiers, port.Id.GetValueOrDefault(), report);
            CheckUnique(port, ".mac-address", (network, port.MacAddress.GetValueOrDefault()), macs, port.MacAddress, report);
            for (var i = 0; i < port.Addresses.Count; i++)
            {
                CheckUnique(port, $".addresses[{i}]", (network, port.Addresses[i]), addresses, port.Addresses[i], report);
            }
        }
    }

    private static void CheckIdentity(Port port, Port? before, ConfigReport report)
    {
        if (before is not null && before.Id != port.Id)
        {
            report.Add(port, ".id", $"The port's id is {before.Id} for as long as it lives.", "Leave the id out.");
        }

        if (port.MacAddress is { } mac && (mac.IsMulticast || mac.Value == 0))
        {
            report.Add(
                port,
                ".mac-address",
                $"{mac} is not the address of one station.",
                "Use a unicast address such as 02:00:00:00:00:01."
            );
        }

        if (port.Host is { } host && !ConfigValidator.IsName(host))
        {
            report.Add(port, ".host", $"'{host}' is not the name of a host.", ConfigValidator.NameHint);
        }
    }

    private static void CheckAddresses(Port port, ConfigKey network, Subnet[] subnets, ConfigReport report)
    {
        if (port.Addresses.IsEmpty && subnets.Length > 0)
        {
            report.Add(
                port,
                ".addresses",
                $"The subnets of {network} have no free address.",
                "Add a subnet to the network, or delete ports."
            );
        }

        for (var i = 0; i < port.Addresses.Count; i++)
        {
            var address = port.Addresses[i];
            var subnet = subnets.FirstOrDefault(candidate => candidate.Prefix.Contains(address));
            if (subnet is null)
            {
                report.Add(
                    port,
                    $".addresses[{i}]",
                    $"{address} is in no subnet of {network}.",
                    "Use an address of a subnet, or leave addresses out."
                );
            }
            else if (
                subnet.Prefix.Address.IsIpv4 && (!AddressPool.IsHost(subnet.Prefix, address) || AddressPool.IsReserved(subnet, address))
            )
            {
                var message = $"{address} is reserved in {subnet.Key} ({subnet.Prefix}).";
                report.Add(port, $".addresses[{i}]", message, "Use another address, or leave addresses out.", subnet.Key);
            }
        }
    }

    private static void CheckUnique<T>(Port port, string member, T key, Dictionary<T, ConfigKey> seen, object? shown, ConfigReport report)
        where T : notnull
    {
        if (!seen.TryAdd(key, port.Key))
        {
            report.Add(port, member, $"{shown} is already in use by {seen[key]}.", "Use another one, or leave it out.", seen[key]);
        }
    }
}
