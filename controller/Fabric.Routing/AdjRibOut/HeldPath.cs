namespace Fabric.Routing;

/// <summary>Receivers that hold a path of a route; those of them that hold it as it was before are outdated.</summary>
internal record struct HeldPath(uint PathId, ulong Receivers, ulong Outdated);
