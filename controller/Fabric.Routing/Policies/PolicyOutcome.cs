using Fabric.Wire.Bgp;

namespace Fabric.Routing.Policies;

/// <summary>
/// What a chain of policies makes of a route. The attributes are the same instance if nothing has changed. Policy and term name what
/// decided; they are null if the chain ended without a decision, which accepts. The flags say that the policy has the last word on an
/// attribute that a peer's own rules would change.
/// </summary>
public readonly record struct PolicyOutcome(
    bool IsAccepted,
    PathAttributes Attributes,
    bool DecidesNextHop = false,
    bool DecidesMultiExitDisc = false,
    string? Policy = null,
    string? Term = null
);
