using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>What a peer is told of a path: attributes, or why nothing, with the names of policy and term that decided.</summary>
public readonly record struct ExportOutcome(RejectReason Reason, PathAttributes Attributes, string? Policy = null, string? Term = null)
{
    public bool IsSent => Reason == RejectReason.None;
}
