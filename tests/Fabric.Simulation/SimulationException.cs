namespace Fabric.Simulation;

/// <summary>A simulated fabric did what it must not. When complete, the message has the seed, what was done to the fabric, and its nodes as they were.</summary>
public sealed class SimulationException(string message, bool isComplete = false) : Exception(message)
{
    public bool IsComplete => isComplete;
}
