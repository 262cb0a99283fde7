namespace Fabric.Routing;

/// <summary>Memberships of peers make their filters for routes with targets (RFC 4684 section 6), and go on to others (section 3.2).</summary>
internal sealed partial class RouteShard
{
    /// <summary>The path of a membership that a group's receivers are told of: the best one that split horizon lets them have.</summary>
    public int ToldOf(in Route membership, UpdateGroupPolicy group)
    {
        var isReflected = group.Kind != PeerKind.InternalBgp || _options.ClusterId is not null && group.IsRouteReflectorClient;
        var path = BestOf(membership);
        while (path != Path.None && !isReflected && !IsPassable(_peers[Paths[path].Source]!.Definition))
        {
            path = NextFeasible(path);
        }

        return path;
    }

    /// <summary>What <see cref="MembershipExportPolicy"/> looks at: the best path, whether there is another source, and the best path that may go to every internal peer.</summary>
    private void SeeMembership(int best, List<Visible> seen)
    {
        var (hasOther, hasPassable) = (false, false);
        for (var path = best; path != Path.None && !(hasOther && hasPassable); path = NextFeasible(path))
        {
            var isFirstPassable = !hasPassable && IsPassable(_peers[Paths[path].Source]!.Definition);
            hasPassable |= isFirstPassable;
            if (path == best || isFirstPassable)
            {
                seen.Add(VisibleOf(path));
            }

            if (!hasOther && Paths[path].Source != Paths[best].Source)
            {
                hasOther = true;
                seen.Add(new Visible(-1, 0, 0, false));
            }
        }
    }

    /// <summary>Whether its paths may go to every internal peer (RFC 4456 section 6).</summary>
    private bool IsPassable(PeerDefinition source) =>
        source.Kind != PeerKind.InternalBgp || _options.ClusterId is not null && source.IsRouteReflectorClient;

    private void EnterFilter(int path)
    {
        if (Paths[path].Infeasible != RejectReason.None)
        {
            return;
        }

        var (peer, membership) = MembershipOf(path);
        if (peer.Filter.Add(membership))
        {
            MarkWanted(peer, membership);
        }
    }

    private void LeaveFilter(int path)
    {
        if (Paths[path].Infeasible != RejectReason.None)
        {
            return;
        }

        var (peer, membership) = MembershipOf(path);
        if (peer.Filter.Remove(membership))
        {
            MarkWanted(peer, membership);
        }
    }

    private (Peer Peer, RouteTargetMembership Membership) MembershipOf(int path) =>
        (_peers[Paths[path].Source]!, RouteKey.Of(Memberships[Paths[path].Route]).Membership);

    /// <summary>Has the routes that the membership is about looked at again for this one peer.</summary>
    private void MarkWanted(Peer peer, RouteTargetMembership membership)
    {
        if (peer.MembershipState != MembershipState.Known || peer.Group is not { } group)
        {
            return;
        }

        if (membership.Length < RouteTargetMembership.MaxLength)
        {
            group.MarkFiltered(peer);
            return;
        }

        foreach (var path in Attributes.PathsCarrying(membership.Target.Value))
        {
            group.Mark(_tables[Paths[path].Table]!.Kind, Paths[path].Route, peer);
        }
    }
}
