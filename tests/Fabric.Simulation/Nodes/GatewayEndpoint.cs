using Fabric.Primitives;

namespace Fabric.Simulation.Nodes;

/// <summary>An endpoint behind a gateway, in the gateway's VRF of one network: its route, and the label that packets to it carry.</summary>
/// <param name="Network">The network whose own route target the gateway imports and exports.</param>
internal sealed record GatewayEndpoint(string Name, string Network, IpAddress Address, RouteDistinguisher Distinguisher, MplsLabel Label);
