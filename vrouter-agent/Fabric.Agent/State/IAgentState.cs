using Fabric.Agent.Core.Allocation;
using Fabric.Agent.Core.Ports;

namespace Fabric.Agent.State;

/// <summary>What survives the agent. Two implementations: files, and the simulator's disk. Called on the agent's loop.</summary>
public interface IAgentState
{
    /// <summary>What was saved; what cannot be read is left out.</summary>
    AgentSavedState Load();

    /// <exception cref="IOException">It could not be saved.</exception>
    void SavePort(Port port);

    /// <exception cref="IOException">It could not be removed.</exception>
    void RemovePort(string id);

    /// <exception cref="IOException">They could not be saved.</exception>
    void SaveAllocations(Allocations allocations);
}

public sealed record AgentSavedState(IReadOnlyList<Port> Ports, Allocations Allocations)
{
    public static AgentSavedState Empty { get; } = new([], Allocations.None);
}
