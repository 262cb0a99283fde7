using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>What the import rules make of an offered route.</summary>
internal sealed partial class RouteShard
{
    /// <summary>The set that the route gets, with a reference to it; why it is infeasible, if it is; and what it was offered with, if that is another set.</summary>
    private (int Set, RejectReason Infeasible, PathAttributes? Received) Accept(
        Peer source,
        in OfferedAttributes offered,
        RouteTable table,
        in RouteKey key
    )
    {
        if (source.Rules.IsTrivial)
        {
            return (Attributes.Intern(offered), source.Rules.JudgeLoops(offered), null);
        }

        var received = offered.Value;
        var outcome = source.Rules.Judge(received, PolicyRouteOf(table, key));
        var isChanged = !ReferenceEquals(received, outcome.Attributes);
        return (Attributes.Intern(outcome.Attributes), outcome.Reason, isChanged ? received : null);
    }
}
