namespace Fabric.Bench.Streaming;

/// <summary>The host that reports sessions: what its agent calls its one machine, and the numbers that it gave the data plane for it.</summary>
/// <param name="Vif">Number of the machine's interface.</param>
/// <param name="Vrf">Number of its VRF.</param>
/// <param name="VrfName">Name of that.</param>
/// <param name="Network">Name of the network, of the machine and of those that it talks to.</param>
/// <param name="Machine">Name of the machine.</param>
internal sealed record ReportedHost(uint Vif, uint Vrf, string VrfName, string Network, string Machine);
