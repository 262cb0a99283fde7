using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>A VRF as the routing core should have it.</summary>
/// <param name="Name">FQN with the network's name twice: "default-domain:project:red:red".</param>
/// <param name="NetworkId">The network's number on every host.</param>
/// <param name="ImportTargets">Sorted, each once.</param>
/// <param name="ExportTargets">Sorted, each once.</param>
public sealed record VrfIntent(
    string Name,
    string NetworkName,
    uint NetworkId,
    EquatableArray<RouteTarget> ImportTargets,
    EquatableArray<RouteTarget> ExportTargets
);
