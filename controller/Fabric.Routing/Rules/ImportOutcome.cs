using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// What the import rules make of a path: a reason if it is infeasible, and the attributes to keep. A rejected path keeps those that it came
/// with, so that asking again gives the same answer, with the names of policy and term.
/// </summary>
public readonly record struct ImportOutcome(RejectReason Reason, PathAttributes Attributes, string? Policy = null, string? Term = null);
