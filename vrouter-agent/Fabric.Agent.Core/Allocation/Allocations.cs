using Fabric.Primitives;

namespace Fabric.Agent.Core.Allocation;

/// <summary>
/// Every number that this agent has given out. The host keeps it over restarts: labels are in other hosts' routes, VRF ids in
/// route distinguishers, vif and next-hop ids in the flows of a data plane that runs on.
/// </summary>
public sealed record Allocations(IdPoolState Labels, IdPoolState Vrfs, IdPoolState Vifs, IdPoolState NextHops)
{
    public static Allocations None { get; } = new(IdPoolState.Empty, IdPoolState.Empty, IdPoolState.Empty, IdPoolState.Empty);
}

/// <summary>One range's numbers, and where the search for the next free one begins.</summary>
public sealed record IdPoolState(uint Next, EquatableArray<IdAssignment> Assignments)
{
    public static IdPoolState Empty { get; } = new(0, []);
}

public sealed record IdAssignment(string Key, uint Id);
