using System.Net;

namespace Fabric.Lab.Definition;

/// <summary>What a lab consists of, as its file says: nodes of the underlay, and the tenants' networks and machines.</summary>
public sealed record LabDefinition(
    string Name,
    uint AutonomousSystem,
    IPNetwork Underlay,
    int UnderlayMtu,
    IReadOnlyList<LabNode> ControlNodes,
    IReadOnlyList<LabNode> Hosts,
    IReadOnlyList<LabGateway> Gateways,
    IReadOnlyList<LabNetwork> Networks,
    IReadOnlyList<LabSecurityGroup> SecurityGroups,
    IReadOnlyList<LabMachine> Machines
)
{
    /// <summary>Every node that has an address in the underlay.</summary>
    public IEnumerable<LabNode> Nodes => [.. ControlNodes, .. Hosts, .. Gateways];

    /// <summary>What a tenant's packet may measure: the underlay's MTU less IPv4 (20), GRE (4) and one MPLS label (4).</summary>
    public int TenantMtu => UnderlayMtu - 28;

    public LabNetwork NetworkOf(LabMachine machine) => Networks.Single(network => network.Name == machine.Network);
}

/// <summary>A control node or a compute host.</summary>
public record LabNode(string Name, IPAddress Address);

/// <summary>A BGP speaker of another maker: <c>frr</c> or <c>gobgp</c>.</summary>
public sealed record LabGateway(string Name, IPAddress Address, string Software) : LabNode(Name, Address);

public sealed record LabNetwork(string Name, IPNetwork Prefix, IReadOnlyList<IPAddress> DnsServers, IReadOnlyList<LabHostRoute> HostRoutes)
{
    /// <summary>The first address of the subnet, which every host answers for.</summary>
    public IPAddress Gateway
    {
        get
        {
            var bytes = Prefix.BaseAddress.GetAddressBytes();
            bytes[3]++;
            return new IPAddress(bytes);
        }
    }
}

public sealed record LabHostRoute(IPNetwork Prefix, IPAddress NextHop);

public sealed record LabSecurityGroup(string Name, IReadOnlyList<LabSecurityRule> Rules);

/// <summary>One rule; what is null matches everything. <c>Ports</c> is <c>80</c> or <c>8000-8080</c>.</summary>
public sealed record LabSecurityRule(string Name, string Direction, string? Protocol, string? Ports, string? RemotePrefix);

/// <summary>A virtual machine: a namespace, and a veth pair whose other end is the tap of a host.</summary>
public sealed record LabMachine(string Name, string Network, string Host, IPAddress Address, IReadOnlyList<string> SecurityGroups)
{
    public string Tap => $"tap-{Name}";
}
