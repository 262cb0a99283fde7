using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>How many paths of a route of the family a peer is told at most; the best of those that it may have.</summary>
public readonly record struct PathLimit(AddressFamily Family, byte Limit);
