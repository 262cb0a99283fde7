using System.Text.Json.Serialization;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>Addresses of a network, and what DHCP says about them.</summary>
/// <param name="Gateway">Where absent, the first host address.</param>
/// <param name="ServiceAddress">Answers DHCP and DNS; where absent, the gateway.</param>
public sealed record Subnet(
    string Name,
    string Network,
    IpPrefix Prefix,
    string Project = ConfigObject.DefaultProject,
    IpAddress? Gateway = null,
    IpAddress? ServiceAddress = null,
    bool Dhcp = true,
    EquatableArray<IpAddress> DnsServers = default,
    string? DomainName = null,
    EquatableArray<HostRoute> HostRoutes = default
) : ProjectObject(Name, Project)
{
    [JsonIgnore]
    public override ConfigKind Kind => ConfigKind.Subnet;
}

/// <summary>A route for the VMs of a subnet (DHCP option 121). Without a next hop it points at the gateway.</summary>
public sealed record HostRoute(IpPrefix Prefix, IpAddress? NextHop = null);
