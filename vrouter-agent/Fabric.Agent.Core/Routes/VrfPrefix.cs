using Fabric.Primitives;

namespace Fabric.Agent.Core.Routes;

/// <summary>A prefix in a VRF, by the VRF's FQN.</summary>
public readonly record struct VrfPrefix(string Vrf, IpPrefix Prefix);
