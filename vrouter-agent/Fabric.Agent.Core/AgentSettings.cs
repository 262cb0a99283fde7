using Fabric.Primitives;

namespace Fabric.Agent.Core;

/// <param name="HostName">The name of this host, as controllers know it.</param>
/// <param name="Address">The IPv4 address of this host on the underlay: next hop of its routes, source of its tunnels.</param>
/// <param name="UnderlayMtu">Octets of an IP packet that the underlay carries whole.</param>
public sealed record AgentSettings(string HostName, IpAddress Address, int UnderlayMtu)
{
    /// <summary>IPv4 header, GRE header and one label (RFC 4023 section 3): what a tenant's packet grows by.</summary>
    private const int TunnelOverhead = 20 + 4 + 4;

    /// <summary>Null: the data plane is asked for no reports.</summary>
    public FlowReporting? Flows { get; init; }

    /// <summary>What a VM is told unless its network says otherwise.</summary>
    public int VmMtu => UnderlayMtu - TunnelOverhead;
}
