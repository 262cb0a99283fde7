using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Xmpp;

/// <summary>An agent's route as the routing tables hold it.</summary>
public sealed record AgentPath(RouteDistinguisher Distinguisher, IpPrefix Prefix, PathAttributes Attributes, MplsLabel Label);

/// <summary>One of the paths that a route sent to agents is made of.</summary>
/// <param name="Attributes">The path's attributes.</param>
/// <param name="Label">Label that the next hop listens on; 0: none.</param>
/// <param name="VirtualNetwork">Name of the network from which the path is; null when it is not known.</param>
public readonly record struct ItemPath(PathAttributes Attributes, MplsLabel Label, string? VirtualNetwork);
