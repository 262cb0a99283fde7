using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>The desired state of a VRF (RFC 4364 section 4.3.1).</summary>
public sealed record VrfDefinition
{
    /// <summary>The fully qualified name, its parts joined by colons.</summary>
    public required string Name { get; init; }

    public EquatableArray<RouteTarget> ImportTargets { get; init; }

    public EquatableArray<RouteTarget> ExportTargets { get; init; }
}
