using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Simulation.Nodes;

/// <summary>What keys a VPN route.</summary>
internal readonly record struct VpnKey(RouteDistinguisher Distinguisher, IpPrefix Prefix);

/// <summary>A VPN route as a gateway heard it.</summary>
internal readonly record struct VpnPath(PathAttributes Attributes, MplsLabel Label, bool IsStale);

/// <summary>A VPN route as a gateway says it.</summary>
internal readonly record struct VpnAnnouncement(VpnKey Key, PathAttributes Attributes, MplsLabel Label);
