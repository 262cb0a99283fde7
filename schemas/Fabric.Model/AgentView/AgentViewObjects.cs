using Fabric.Primitives;

namespace Fabric.Model.AgentView;

/// <summary>
/// An object of the per-agent view: the part of the intent that one host needs, sent over the XMPP config channel. Its key is
/// type and name; a later object with the same key replaces it. The XML form is schemas/xmpp/agent-view.xsd.
/// </summary>
public abstract record AgentViewObject(string Name)
{
    /// <summary>The "type" of the XML node.</summary>
    public abstract string Type { get; }

    public AgentViewKey Key => new(Type, Name);
}

public readonly record struct AgentViewKey(string Type, string Name)
{
    public override string ToString() => $"{Type}/{Name}";
}

/// <summary>Settings of all hosts; one object, named "global".</summary>
public sealed record AgentGlobalConfig(AsNumber AsNumber, EquatableArray<TunnelEncapsulations> EncapsulationPriority)
    : AgentViewObject("global")
{
    public const string TypeName = "global-vrouter-config";

    public override string Type => TypeName;
}

/// <summary>A virtual network with the VRF that carries it. Names are FQNs: "default-domain:project:red", VRF "default-domain:project:red:red".</summary>
public sealed record AgentVirtualNetwork(string Name, uint NetworkId, string VrfName, EquatableArray<AgentSubnet> Subnets, int? Mtu)
    : AgentViewObject(Name)
{
    public const string TypeName = "virtual-network";

    public override string Type => TypeName;
}

/// <summary>A subnet of a network. The service address answers DHCP; where absent it is the gateway.</summary>
public sealed record AgentSubnet(
    IpPrefix Prefix,
    IpAddress Gateway,
    IpAddress ServiceAddress,
    bool DhcpEnabled,
    EquatableArray<IpAddress> DnsServers,
    string? DomainName,
    EquatableArray<AgentHostRoute> HostRoutes
);

/// <summary>A route handed to VMs by DHCP option 121; a next hop of none means the subnet's gateway.</summary>
public sealed record AgentHostRoute(IpPrefix Prefix, IpAddress NextHop);

/// <summary>A port whose VM runs on the host (name: its UUID).</summary>
public sealed record AgentPort(
    string Name,
    string DisplayName,
    string Network,
    MacAddress MacAddress,
    EquatableArray<IpAddress> Addresses,
    EquatableArray<string> SecurityGroups
) : AgentViewObject(Name)
{
    public const string TypeName = "port";

    public override string Type => TypeName;
}

/// <summary>A security group by FQN, with the numeric id that routes carry.</summary>
public sealed record AgentSecurityGroup(string Name, uint Id, EquatableArray<AgentSecurityGroupRule> Rules) : AgentViewObject(Name)
{
    public const string TypeName = "security-group";

    public override string Type => TypeName;
}

/// <summary>
/// A rule that allows. <paramref name="Protocol"/> 0 is any; ports are destination ports (ICMP: types), 0 to 65535 is any;
/// the remote end is a prefix, a group by its id (0: none), or anyone.
/// </summary>
public sealed record AgentSecurityGroupRule(
    string Name,
    TrafficDirection Direction,
    byte Protocol,
    ushort PortMin,
    ushort PortMax,
    IpPrefix? RemotePrefix,
    uint RemoteGroup
);

/// <summary>Seen from the VM.</summary>
public enum TrafficDirection
{
    Ingress,
    Egress,
}
