using Fabric.Primitives;

namespace Fabric.Intent;

/// <summary>An AS number that a neighbour is shown during a migration (RFC 7705).</summary>
/// <param name="Prepends">Paths from the neighbour get it in front; off: "no-prepend" (section 3.1).</param>
/// <param name="Replaces">The neighbour sees it alone, and not in front of the fabric's own: "replace-as" (section 3.2).</param>
public sealed record LocalAsIntent(AsNumber Number, bool Prepends = true, bool Replaces = false);
