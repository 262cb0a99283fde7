using Fabric.Model.AgentView;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Intent.Graph;

/// <summary>A network with its subnets, as agents see it.</summary>
internal static class NetworkViewNode
{
    public static AgentVirtualNetwork? Evaluate(ConfigTables tables, ConfigKey key) =>
        tables.Find<VirtualNetwork>(key) is { } network
            ? new AgentVirtualNetwork(
                key.QualifiedName,
                network.Id,
                VrfNode.VrfName(key),
                tables
                    .OfNetwork[key]
                    .Select(tables.Find<Subnet>)
                    .OfType<Subnet>()
                    .OrderBy(subnet => subnet.Prefix)
                    .Select(View)
                    .ToEquatableArray(),
                network.Mtu
            )
            : null;

    private static AgentSubnet View(Subnet subnet)
    {
        var gateway = subnet.Gateway.GetValueOrDefault();
        return new AgentSubnet(
            subnet.Prefix,
            gateway,
            subnet.ServiceAddress ?? gateway,
            subnet.Dhcp,
            subnet.DnsServers,
            subnet.DomainName,
            subnet.HostRoutes.Select(route => new AgentHostRoute(route.Prefix, route.NextHop.GetValueOrDefault())).ToEquatableArray()
        );
    }
}
