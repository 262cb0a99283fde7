using Fabric.Primitives;

namespace Fabric.Routing.Policies;

/// <summary>What is done with a route that matches: first the actions, in order, then the disposition. Later terms see the changed route.</summary>
public sealed record PolicyTerm(string Name)
{
    public PolicyMatch Match { get; init; } = PolicyMatch.Everything;

    public EquatableArray<PolicyAction> Actions { get; init; }

    public Disposition Disposition { get; init; }
}
