using Fabric.Primitives;
using Fabric.Routing.Policies;

namespace Fabric.Routing;

/// <summary>The desired state of a VRF (RFC 4364 section 4.3.1).</summary>
public sealed record VrfDefinition
{
    /// <summary>The fully qualified name, its parts joined by colons.</summary>
    public required string Name { get; init; }

    public EquatableArray<RouteTarget> ImportTargets { get; init; }

    public EquatableArray<RouteTarget> ExportTargets { get; init; }

    /// <summary>Asked for each VPN route that an import target brings into the VRF; a rejected one is there infeasible.</summary>
    public EquatableArray<RoutePolicy> ImportPolicies { get; init; }

    /// <summary>Asked for each route of the VRF on its way into the VPN table, when it has its export targets: they may add and remove some.</summary>
    public EquatableArray<RoutePolicy> ExportPolicies { get; init; }
}
