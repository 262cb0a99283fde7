using Fabric.Config.Allocation;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Validation;

internal static class SubnetRules
{
    /// <summary>A gateway and at least one more host.</summary>
    private const int MaxPrefixLength = 30;
    private const int MaxDomainNameLength = 253;

    /// <summary>Of all routes in option 121: what a reply of 1500 octets has room for beside 63 servers and the longest names (RFC 3396, RFC 3442).</summary>
    private const int MaxRouteOctets = 600;

    public static void Check(ConfigDraft draft, ConfigReport report)
    {
        foreach (var subnet in draft.Of<Subnet>())
        {
            report.CheckReference(subnet, ".network", NetworkOf(subnet));
            if (!subnet.Prefix.Address.IsIpv4 || subnet.Prefix.Length > MaxPrefixLength)
            {
                report.Add(
                    subnet,
                    ".prefix",
                    $"{subnet.Prefix} is no IPv4 prefix of a length up to {MaxPrefixLength}.",
                    "Use one such as 10.1.0.0/24."
                );
                continue;
            }

            CheckAddresses(subnet, draft, report);
        }

        foreach (var network in draft.Of<Subnet>().GroupBy(NetworkOf))
        {
            CheckOverlap([.. network.OrderBy(subnet => subnet.Prefix)], report);
        }
    }

    private static ConfigKey NetworkOf(Subnet subnet) => ConfigKey.Resolve(ConfigKind.VirtualNetwork, subnet.Project, subnet.Network);

    private static void CheckAddresses(Subnet subnet, ConfigDraft draft, ConfigReport report)
    {
        CheckHost(subnet, ".gateway", subnet.Gateway, report);
        CheckHost(subnet, ".service-address", subnet.ServiceAddress, report);
        for (var i = 0; i < subnet.HostRoutes.Count; i++)
        {
            CheckHost(subnet, $".host-routes[{i}].next-hop", subnet.HostRoutes[i].NextHop, report);
            CheckIpv4(subnet, $".host-routes[{i}].prefix", subnet.HostRoutes[i].Prefix.Address, report);
        }

        CheckRouteOctets(subnet, draft, report);
        for (var i = 0; i < subnet.DnsServers.Count; i++)
        {
            CheckIpv4(subnet, $".dns-servers[{i}]", subnet.DnsServers[i], report);
        }

        if (
            subnet.DomainName is { } domain
            && (domain.Length is 0 or > MaxDomainNameLength || !domain.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'))
        )
        {
            report.Add(subnet, ".domain-name", "This is not a domain name.", "Use one such as \"example.net\".");
        }
    }

    /// <summary>What does not fit would be kept from the machines without a word.</summary>
    private static void CheckRouteOctets(Subnet subnet, ConfigDraft draft, ConfigReport report)
    {
        // A store of before this rule is not locked by it.
        if (draft.EditOf(subnet.Key) is null || subnet.HostRoutes.IsEmpty)
        {
            return;
        }

        // Of each route its length, the octets of the prefix that it needs, and the router; the default route comes to them (RFC 3442).
        var lengths = subnet.HostRoutes.Select(route => (int)route.Prefix.Length);
        var octets = (lengths.Contains(0) ? lengths : lengths.Append(0)).Sum(length => 5 + (length + 7) / 8);
        if (octets > MaxRouteOctets)
        {
            report.Add(
                subnet,
                ".host-routes",
                $"The routes take {octets} octets, and a DHCP reply has room for {MaxRouteOctets}.",
                "Leave some out, or join them into shorter prefixes."
            );
        }
    }

    private static void CheckHost(Subnet subnet, string member, IpAddress? address, ConfigReport report)
    {
        if (address is { } value && !AddressPool.IsHost(subnet.Prefix, value))
        {
            report.Add(
                subnet,
                member,
                $"{value} is not a host address of {subnet.Prefix}.",
                "Use an address of the prefix, neither its first nor its last."
            );
        }
    }

    private static void CheckIpv4(Subnet subnet, string member, IpAddress address, ConfigReport report)
    {
        if (!address.IsIpv4)
        {
            report.Add(subnet, member, "DHCPv4 can't carry this: it is not IPv4.", "Use IPv4.");
        }
    }

    private static void CheckOverlap(List<Subnet> sorted, ConfigReport report)
    {
        // In this order a prefix that contains others comes right before them, so the widest seen so far is enough.
        Subnet? widest = null;
        foreach (var subnet in sorted)
        {
            if (widest is not null && widest.Prefix.Contains(subnet.Prefix))
            {
                var message = $"{subnet.Prefix} overlaps {widest.Prefix} of {widest.Key}.";
                report.Add(subnet, ".prefix", message, "Use prefixes of one network that don't overlap.", widest.Key);
            }
            else
            {
                widest = subnet;
            }
        }
    }
}
