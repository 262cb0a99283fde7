using Fabric.Primitives;

namespace Fabric.Routing.Policies;

/// <summary>
/// A routing policy: terms that are asked in order. Where several policies are attached, they form a chain; a route that no term decides
/// is accepted at the end of the chain, so a policy that is to be closed ends with a term that rejects everything.
/// </summary>
public sealed record RoutePolicy(string Name, EquatableArray<PolicyTerm> Terms);
