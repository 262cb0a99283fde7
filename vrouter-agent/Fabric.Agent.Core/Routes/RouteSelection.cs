using Fabric.Primitives;

namespace Fabric.Agent.Core.Routes;

/// <summary>
/// Which of the controllers' paths count. Fresh comes before stale, then the higher local preference, then the later sequence
/// number. Paths that tie are joined: the same route from both controllers is one, and different next hops share the load. Where they disagree about
/// security groups only those count that all name: a rule that allows a group must not hold for who has left it, as one of them has heard and another not yet.
/// The result does not depend on the order in which paths came.
/// </summary>
public static class RouteSelection
{
    /// <summary>More members than the contract's composite next hop holds are left out.</summary>
    public const int MaxNextHops = 128;

    public static RemoteRoute? Select(ReadOnlySpan<RoutePath> paths)
    {
        RemoteRoute? best = null;
        var bestIsStale = false;
        foreach (var path in paths)
        {
            var order = best is null ? -1 : Compare(path.Route, path.IsStale, best, bestIsStale);
            if (order < 0)
            {
                (best, bestIsStale) = (path.Route, path.IsStale);
            }
            else if (order == 0 && best != path.Route)
            {
                best = Join(best!, path.Route);
            }
        }

        return best;
    }

    private static int Compare(RemoteRoute left, bool leftIsStale, RemoteRoute right, bool rightIsStale)
    {
        if (leftIsStale != rightIsStale)
        {
            return leftIsStale ? 1 : -1;
        }

        var byPreference = right.LocalPreference.CompareTo(left.LocalPreference);
        return byPreference != 0 ? byPreference : right.Sequence.CompareTo(left.Sequence);
    }

    private static RemoteRoute Join(RemoteRoute left, RemoteRoute right) =>
        left with
        {
            NextHops = left
                .NextHops.Concat(right.NextHops)
                .Distinct()
                .OrderBy(hop => hop.Address)
                .ThenBy(hop => hop.Label.Value)
                .ToEquatableArray(),
            SecurityGroups = left.SecurityGroups.Intersect(right.SecurityGroups).Order().ToEquatableArray(),
            Network = string.CompareOrdinal(left.Network, right.Network) <= 0 ? left.Network : right.Network,
        };
}
