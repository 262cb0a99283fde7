using Fabric.Routing.Policies;

namespace Fabric.Routing;

/// <summary>What the import rules make of an offered route.</summary>
internal sealed partial class RouteShard
{
    /// <summary>The set that the route gets, with a reference to it, and why it is infeasible, if it is.</summary>
    private (int Set, RejectReason Infeasible) Accept(Peer source, in OfferedAttributes offered, RouteTable table, in RouteKey key)
    {
        if (source.Rules.IsTrivial)
        {
            return (Attributes.Intern(offered), source.Rules.JudgeLoops(offered));
        }

        var outcome = source.Rules.Judge(offered.Value, PolicyRoute.Of(table.Kind, key));
        return (Attributes.Intern(outcome.Attributes), outcome.Reason);
    }
}
