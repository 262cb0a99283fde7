namespace Fabric.Routing;

/// <summary>Memberships of peers make their filters for routes with targets (RFC 4684 section 6).</summary>
internal sealed partial class RouteShard
{
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
