using Fabric.Simulation.Packets;

namespace Fabric.Simulation;

/// <summary>What became of an attempt of one endpoint to reach another.</summary>
public sealed class ProbeResult
{
    private readonly FabricSim _fabric;
    private readonly string _attempt;

    internal ProbeResult(FabricSim fabric, string attempt, Probe probe)
    {
        _fabric = fabric;
        _attempt = attempt;
        Probe = probe;
    }

    /// <summary>The answer came back.</summary>
    public bool Arrived => Probe.IsAnswered;

    /// <summary>The last attempt.</summary>
    internal Probe Probe { get; }

    /// <exception cref="SimulationException">It did not arrive.</exception>
    public FabricSim ShouldArrive() => Arrived ? _fabric : throw _fabric.Failure($"{_attempt} got no answer.");

    /// <exception cref="SimulationException">It arrived.</exception>
    public FabricSim ShouldNotArrive() => Arrived ? throw _fabric.Failure($"{_attempt} was answered and must not be.") : _fabric;
}
