namespace Fabric.Routing;

/// <summary>What the import rules make of an offered route.</summary>
internal sealed partial class RouteShard
{
    private const int AsInstalled = -1;

    /// <summary>
    /// The set that the route gets, why it is infeasible, if it is, and the set that it came with, where that is another one; with a reference to
    /// each set.
    /// </summary>
    private readonly record struct Acceptance(int Set, RejectReason Infeasible, int Received);

    private Acceptance Accept(Peer source, in OfferedAttributes offered, RouteTable table, in RouteKey key)
    {
        if (source.Rules.IsTrivial)
        {
            return new Acceptance(Attributes.Intern(offered), source.Rules.JudgeTrivially(offered, table.Kind), AsInstalled);
        }

        var value = offered.Value;
        var outcome = source.Rules.Judge(value, PolicyRouteOf(table, key));
        var received = ReferenceEquals(value, outcome.Attributes) ? AsInstalled : Attributes.Intern(value);
        return new Acceptance(Attributes.Intern(outcome.Attributes), outcome.Reason, received);
    }

    /// <summary>Remembers what a path was made from, after it has got its set.</summary>
    private void KeepReceived(int path, in Acceptance accepted)
    {
        if (accepted.Received == AsInstalled)
        {
            _received.Forget(path);
        }
        else
        {
            _received.Keep(path, accepted.Received, Paths[path].Attributes);
        }
    }
}
