using Fabric.Agent.Core.Allocation;
using Fabric.Agent.Core.Ports;
using Fabric.Agent.State;

namespace Fabric.Simulation.Nodes;

/// <summary>The disk of a simulated host: what an agent saved outlives it.</summary>
internal sealed class MemoryAgentState : IAgentState
{
    private readonly SortedDictionary<string, Port> _ports = new(StringComparer.Ordinal);

    public Allocations Allocations { get; private set; } = Allocations.None;

    public AgentSavedState Load() => new([.. _ports.Values], Allocations);

    public void SavePort(Port port) => _ports[port.Id] = port;

    public void RemovePort(string id) => _ports.Remove(id);

    public void SaveAllocations(Allocations allocations) => Allocations = allocations;
}
