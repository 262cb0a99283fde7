using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>The route targets a peer wants. Several origin ASes may ask for one target, hence the counts.</summary>
internal sealed class TargetFilter
{
    private readonly Dictionary<ulong, int> _targets = [];
    private readonly List<RouteTargetMembership> _prefixes = [];

    public bool IsEmpty => _targets.Count == 0 && _prefixes.Count == 0;

    /// <summary>Whether what the filter lets through may have changed.</summary>
    public bool Add(RouteTargetMembership membership)
    {
        if (membership.Length < RouteTargetMembership.MaxLength)
        {
            _prefixes.Add(membership);
            return true;
        }

        var count = _targets.GetValueOrDefault(membership.Target.Value);
        _targets[membership.Target.Value] = count + 1;
        return count == 0;
    }

    /// <inheritdoc cref="Add"/>
    public bool Remove(RouteTargetMembership membership)
    {
        if (membership.Length < RouteTargetMembership.MaxLength)
        {
            return _prefixes.Remove(membership);
        }

        var count = _targets.GetValueOrDefault(membership.Target.Value);
        if (count > 1)
        {
            _targets[membership.Target.Value] = count - 1;
            return false;
        }

        return _targets.Remove(membership.Target.Value);
    }

    public bool Wants(ExtendedCommunityReader communities)
    {
        foreach (var community in communities)
        {
            if (IsTarget(community) && _targets.ContainsKey(community.Value))
            {
                return true;
            }
        }

        foreach (var prefix in _prefixes)
        {
            if (prefix.Length == 0 || WantsByPrefix(prefix, communities))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a membership can ask for it.</summary>
    public static bool IsTarget(ExtendedCommunity community) => community.IsRouteTarget || community.IsSegmentImport;

    private static bool WantsByPrefix(RouteTargetMembership prefix, ExtendedCommunityReader communities)
    {
        foreach (var community in communities)
        {
            if (IsTarget(community) && prefix.Matches(new RouteTarget(community.Value)))
            {
                return true;
            }
        }

        return false;
    }
}
