namespace Fabric.Xmpp;

/// <summary>An agent's membership in a VRF. The instance id is the agent's number of the VRF; no two generations of a control node are equal.</summary>
public sealed record Subscription(string Vrf, uint InstanceId, bool NoRibOut, ulong Generation);
