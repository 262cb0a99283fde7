using Fabric.Primitives;

namespace Fabric.Agent.Core.Routes;

/// <summary>
/// A unicast route of a VRF as a controller sends it: one next hop, or several of equal cost; the FQN of the network that it
/// comes from (empty: unknown); the ids of the end point's security groups; and the MAC mobility sequence number, of which
/// the higher one is where the end point is now.
/// </summary>
public sealed record RemoteRoute(
    EquatableArray<RemoteNextHop> NextHops,
    string Network,
    EquatableArray<uint> SecurityGroups,
    uint LocalPreference,
    uint Sequence
);

/// <summary>A tunnel end point and what it takes; the address is our own where the route is a reflection of one of ours.</summary>
public readonly record struct RemoteNextHop(IpAddress Address, MplsLabel Label, TunnelEncapsulations Encapsulations);
