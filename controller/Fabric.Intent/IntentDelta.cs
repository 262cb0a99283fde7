using Fabric.Model.AgentView;
using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>
/// What differs in the desired outputs after a change. Every list names a key once and is sorted, so that equal histories give equal
/// deltas.
/// </summary>
/// <param name="Global">The settings of all agents where they changed; it belongs to every host's view.</param>
/// <param name="RemovedVrfs">Names.</param>
/// <param name="RemovedNeighbors">Names.</param>
public sealed record IntentDelta(
    AgentGlobalConfig? Global,
    EquatableArray<VrfIntent> Vrfs,
    EquatableArray<string> RemovedVrfs,
    EquatableArray<BgpNeighborIntent> Neighbors,
    EquatableArray<string> RemovedNeighbors,
    EquatableArray<HostViewDelta> Hosts
)
{
    public bool IsEmpty =>
        Global is null && Vrfs.IsEmpty && RemovedVrfs.IsEmpty && Neighbors.IsEmpty && RemovedNeighbors.IsEmpty && Hosts.IsEmpty;
}

/// <summary>
/// What differs in the view of one host. Changed objects are in the order in which they refer: networks, groups,
/// ports; removed keys in the reverse.
/// </summary>
public sealed record HostViewDelta(string Host, EquatableArray<AgentViewObject> Changed, EquatableArray<AgentViewKey> Removed);
