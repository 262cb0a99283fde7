using System.Text.Json.Serialization;
using Fabric.Primitives;

namespace Fabric.Model.Config;

/// <summary>A tenant's network: one VRF on every host that has a port in it.</summary>
/// <param name="Mtu">Bytes of an IP packet that DHCP offers; where absent, what the underlay leaves after encapsulation.</param>
/// <param name="RouteTargets">Targets both imported and exported, beside the network's own.</param>
/// <param name="Id">Allocated from 1.</param>
/// <param name="RouteTarget">The network's own target, allocated; exported and imported always.</param>
public sealed record VirtualNetwork(
    string Name,
    string Project = ConfigObject.DefaultProject,
    int? Mtu = null,
    EquatableArray<RouteTarget> ImportRouteTargets = default,
    EquatableArray<RouteTarget> ExportRouteTargets = default,
    EquatableArray<RouteTarget> RouteTargets = default,
    uint Id = 0,
    RouteTarget? RouteTarget = null
) : ProjectObject(Name, Project)
{
    [JsonIgnore]
    public override ConfigKind Kind => ConfigKind.VirtualNetwork;
}
