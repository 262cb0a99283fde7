using System.Globalization;
using Fabric.Routing;

namespace Fabric.Controller.Inspection;

/// <summary>Says of a path by which step of the decision process it won or lost, and what the two paths have there.</summary>
internal static class PathDecision
{
    private const uint DefaultLocalPreference = 100;

    /// <summary>Null for the only path of a route.</summary>
    /// <param name="path">A path of the route.</param>
    /// <param name="paths">All paths of the route that are known to the reader, in order of preference.</param>
    public static DecisionDocument? Of(PathView path, IReadOnlyList<PathView> paths)
    {
        if (!path.IsFeasible)
        {
            return new DecisionDocument(path.Reason.ToString(), ValueOf(path, path.Reason), null, null, path.Policy, path.Term);
        }

        var best = paths.FirstOrDefault(other => other.IsBest);
        if (path != best)
        {
            return path.Reason == RejectReason.None || best is null ? null : Compare(path, Rival(path, best, paths), path.Reason);
        }

        return paths.FirstOrDefault(other => other != best && other.IsFeasible) is { Reason: not RejectReason.None } next
            ? Compare(best, next, next.Reason)
            : null;
    }

    private static DecisionDocument Compare(PathView path, PathView against, RejectReason step) =>
        new(step.ToString(), ValueOf(path, step), against.Source, ValueOf(against, step), null, null);

    /// <summary>A MED falls to the lower one of its own neighbouring AS, which need not be that of the best path.</summary>
    private static PathView Rival(PathView path, PathView best, IReadOnlyList<PathView> paths) =>
        path.Reason != RejectReason.MultiExitDisc
            ? best
            : paths
                .Where(other => other.IsFeasible && other.Attributes.AsPath.NeighborAs == path.Attributes.AsPath.NeighborAs)
                .Where(other => (other.Attributes.MultiExitDisc ?? 0) < (path.Attributes.MultiExitDisc ?? 0))
                .MinBy(other => other.Attributes.MultiExitDisc ?? 0)
                ?? best;

    private static string? ValueOf(PathView path, RejectReason step)
    {
        var attributes = path.Attributes;
        return step switch
        {
            RejectReason.AsLoop or RejectReason.FirstAs => attributes.AsPath.ToString(),
            RejectReason.OwnNextHop or RejectReason.LinkLocalNextHop => attributes.NextHop.ToString(),
            RejectReason.AsPathTooLong or RejectReason.AsPathLength => Number((uint)attributes.AsPath.Length),
            RejectReason.OriginatorLoop => attributes.OriginatorId?.ToString(),
            RejectReason.ClusterLoop => string.Join(' ', PathWords.ClusterList(attributes)),
            RejectReason.ClusterListLength => Number((uint)attributes.ClusterList.Count),
            RejectReason.RouteLeak => attributes.OnlyToCustomer?.ToString(),
            RejectReason.LongLivedStale => path.IsLongLivedStale ? "stale" : "fresh",
            RejectReason.LocalPreference => Number(attributes.LocalPref ?? DefaultLocalPreference),
            RejectReason.MobilitySequence or RejectReason.NotSticky => attributes
                .ExtendedCommunities.Where(community => community.IsMacMobility)
                .Select(community => community.ToString())
                .FirstOrDefault("none"),
            RejectReason.PeAddress => path.Holder.ToString(),
            RejectReason.Origin => PathWords.Origin(attributes),
            RejectReason.MultiExitDisc => Number(attributes.MultiExitDisc ?? 0),
            RejectReason.SourceKind => PathWords.Kind(path.SourceKind),
            RejectReason.RouterId => (attributes.OriginatorId ?? path.SourceRouterId).ToString(),
            RejectReason.PeerAddress => path.SourceAddress.ToString(),
            RejectReason.RouteDistinguisher => path.ImportedFrom?.ToString(),
            _ => null,
        };
    }

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
