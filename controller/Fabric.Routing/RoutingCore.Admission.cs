namespace Fabric.Routing;

/// <summary>
/// Who may be in a VRF. What an agent asks for and what it is admitted to come in either order; it is in a VRF as long as both hold. A host that was taken
/// over could else read and draw the traffic of every tenant.
/// </summary>
public sealed partial class RoutingCore
{
    /// <summary>
    /// The agent may be in the VRF: what it has published there counts, and it is told the routes if it wants them. Whether it is told any, with their
    /// End-of-RIB: not without a subscription, nor while the VRF is not configured.
    /// </summary>
    public bool Admit(PeerId agent, string vrf)
    {
        var peer = Get(agent);
        if (!peer.Subscriptions.TryGetValue(vrf, out var subscription))
        {
            return false;
        }

        Admit(peer, subscription);
        JoinVrf(peer, subscription);
        return subscription is { Group: not null, Vrf.Definition: not null };
    }

    /// <summary>
    /// The agent may not be in the VRF any more: what it has published there is infeasible, and it is told the end of all that it holds. The subscription
    /// waits until the agent is admitted again. Nothing without one.
    /// </summary>
    public void Suspend(PeerId agent, string vrf)
    {
        var peer = Get(agent);
        if (!peer.Subscriptions.TryGetValue(vrf, out var subscription) || !subscription.IsAdmitted)
        {
            return;
        }

        subscription.IsAdmitted = false;
        BeginLeaving(peer, subscription);
        _shard.Rejudge(peer, subscription.Vrf);
        RemoveMember(subscription.Vrf);
    }

    private void Admit(Peer peer, Subscription subscription)
    {
        if (subscription.IsAdmitted)
        {
            return;
        }

        subscription.IsAdmitted = true;
        _shard.Rejudge(peer, subscription.Vrf);
        if (subscription.Vrf.Members++ == 0)
        {
            CountLocalTargets(subscription.Vrf.Definition, +1);
        }
    }

    private void RemoveMember(Vrf vrf)
    {
        if (--vrf.Members == 0)
        {
            CountLocalTargets(vrf.Definition, -1);
        }
    }

    private void JoinVrf(Peer peer, Subscription subscription)
    {
        if (subscription is { IsAdmitted: true, IsStale: false, WantsRoutes: true, Group: null } && peer.IsUp)
        {
            subscription.Group = JoinVrf(peer, subscription.Vrf);
        }
    }
}
