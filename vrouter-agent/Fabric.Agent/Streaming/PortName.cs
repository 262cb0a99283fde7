namespace Fabric.Agent.Streaming;

/// <summary>What people call an interface of the data plane.</summary>
/// <param name="Id">Of the port.</param>
/// <param name="Machine">The VM, as the orchestrator calls it; the port's own name where it doesn't.</param>
/// <param name="Network">The virtual network's fully qualified name.</param>
/// <param name="Vrf">The VRF's fully qualified name.</param>
internal sealed record PortName(string Id, string? Machine, string Network, string? Vrf);
