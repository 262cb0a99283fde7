using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>The life of peers: established, stale, swept, removed.</summary>
public sealed partial class RoutingCore
{
    /// <summary>
    /// A session is up: the peer gets the RIB, then End-of-RIB. If the name was kept as stale, its routes stay until they are advertised
    /// again or swept, its memberships are <see cref="MembershipState.Known"/>, and its number is the same. A session that is still up counts as lost without restart: its routes go.
    /// </summary>
    public PeerId Establish(PeerDefinition definition)
    {
        if (definition.Kind == PeerKind.Local)
        {
            throw new ArgumentException("The local peer is this node itself.", nameof(definition));
        }

        if (_peersByName.TryGetValue(definition.Name, out var peer) && (peer.IsUp || peer.Definition.Kind != definition.Kind))
        {
            Remove(peer.Id);
            peer = null;
        }

        peer ??= AddPeer(definition);
        peer.IsUp = true;
        peer.IsBlocked = false;
        Rejudge(peer, definition);
        if (definition.Kind != PeerKind.Agent)
        {
            peer.MembershipState =
                !peer.Speaks(AddressFamily.RouteTargetMembership) ? MembershipState.NotNegotiated
                // What it asked for before it restarted stands until it has said all anew. One that restarts may say nothing before it has heard our
                // End-of-RIBs (RFC 4724 section 4.1): both would wait for each other.
                : !peer.Filter.IsEmpty ? MembershipState.Known
                : MembershipState.Waiting;
            JoinGroup(peer);
        }

        return peer.Id;
    }

    /// <summary>
    /// The session is lost and the peer may come back: nothing is sent any more, its routes in these families stay as stale, the others go.
    /// An agent's families are <see cref="AddressFamily.Ipv4Unicast"/> and <see cref="AddressFamily.Ipv6Unicast"/>; its subscriptions stay as stale.
    /// </summary>
    public void MarkStale(PeerId id, params ReadOnlySpan<AddressFamily> families)
    {
        var peer = Get(id);
        StopSending(peer);
        foreach (var subscription in peer.Subscriptions.Values)
        {
            subscription.IsStale = true;
        }

        _shard.MarkStale(peer, families);
    }

    /// <summary>The restart time is over but long-lived stale routes may stay (RFC 9494): they lose to all others.</summary>
    public void MarkLongLivedStale(PeerId id, AddressFamily family) => _shard.MarkLongLivedStale(Get(id), family);

    /// <summary>End-of-RIB came or the time is over: what is still stale in the family goes.</summary>
    public void SweepStale(PeerId id, AddressFamily family) => _shard.SweepStale(Get(id), family);

    /// <summary>
    /// The peer wants the routes of a family again (RFC 2918): all that it may have is sent anew, if <paramref name="isMarked"/> between a
    /// <see cref="UpdateKind.BeginOfRefresh"/> and an <see cref="UpdateKind.EndOfRefresh"/> (RFC 7313).
    /// </summary>
    public void Refresh(PeerId id, AddressFamily family, bool isMarked = false)
    {
        var peer = Get(id);
        peer.Group?.Refresh(peer, family, isMarked);
    }

    /// <summary>The peer sends its routes of a family again (RFC 7313), or never any more (RFC 7606 section 2): those that are here are stale until it said them or <see cref="SweepStale"/>.</summary>
    public void BeginRefresh(PeerId id, AddressFamily family) => _shard.MarkStale(Get(id), family);

    /// <summary>The agent is back and has said all: the VRFs it did not ask for again are unsubscribed.</summary>
    public void SweepStaleSubscriptions(PeerId id)
    {
        foreach (var (vrf, subscription) in Get(id).Subscriptions)
        {
            if (subscription.IsStale)
            {
                Unsubscribe(id, vrf);
            }
        }
    }

    /// <summary>The peer is gone for good, with its routes and subscriptions.</summary>
    public void Remove(PeerId id)
    {
        var peer = Get(id);
        StopSending(peer);
        foreach (var vrf in peer.Subscriptions.Keys)
        {
            Unsubscribe(id, vrf);
        }

        _shard.RemoveAll(peer);
        peer.Paths.Free();
        _shard.KeepNumber(peer);
        _peers[id.Value] = null;
        _peersByName.Remove(peer.Definition.Name);
    }

    /// <summary>A receiver's transport is full, or takes data again. While it is blocked, its changes coalesce at no cost.</summary>
    public void SetBlocked(PeerId id, bool blocked)
    {
        var peer = Get(id);
        if (peer.IsBlocked == blocked)
        {
            return;
        }

        peer.IsBlocked = blocked;
        peer.Group?.SetBlocked(peer, blocked);
        foreach (var subscription in peer.Subscriptions.Values)
        {
            subscription.Group?.SetBlocked(peer, blocked);
        }

        peer.Leaving.ForEach(group => group.SetBlocked(peer, blocked));
    }

    /// <summary>
    /// The peer's memberships are complete (its End-of-RIB for them, or the host's time-out): its routes with targets may go. Until then
    /// <see cref="MembershipStateOf"/> is <see cref="MembershipState.Waiting"/>.
    /// </summary>
    public void MembershipsKnown(PeerId id)
    {
        var peer = Get(id);
        if (peer.MembershipState != MembershipState.Waiting)
        {
            return;
        }

        peer.MembershipState = MembershipState.Known;
        peer.Group?.MarkFiltered(peer);
        peer.Group?.Notify();
    }

    public MembershipState MembershipStateOf(PeerId id) => Get(id).MembershipState;

    private Peer AddPeer(PeerDefinition definition)
    {
        var index = 0;
        while (index < _peers.Count && (_peers[index] is not null || _shard.IsKept(index)))
        {
            index++;
        }

        if (index == _peers.Count)
        {
            _peers.Add(null);
        }

        var peer = new Peer(new PeerId(checked((ushort)index)), definition, new ImportRules(_options, definition));
        _peers[index] = peer;
        _peersByName.Add(definition.Name, peer);
        return peer;
    }

    private void JoinGroup(Peer peer) => GroupFor(UpdateGroupPolicy.Of(peer.Definition)).Join(peer);

    private UpdateGroup GroupFor(UpdateGroupPolicy policy)
    {
        if (!_groups.TryGetValue(policy, out var groups))
        {
            _groups.Add(policy, groups = []);
        }

        var group = groups.Find(g => !g.IsFull);
        if (group is null)
        {
            groups.Add(group = new UpdateGroup(policy, _options, _shard, _peers, _ready));
        }

        return group;
    }

    private void LeaveGroup(UpdateGroup group, Peer peer)
    {
        group.Leave(peer);
        if (group.ReceiverCount > 0)
        {
            return;
        }

        group.Close();
        var groups = _groups[group.Policy];
        groups.Remove(group);
        if (groups.Count == 0)
        {
            _groups.Remove(group.Policy);
        }
    }

    private void StopSending(Peer peer)
    {
        peer.IsUp = false;
        if (peer.Group is { } group)
        {
            peer.Group = null;
            LeaveGroup(group, peer);
        }

        foreach (var subscription in peer.Subscriptions.Values)
        {
            if (subscription.Group is { } subscribed)
            {
                subscription.Group = null;
                LeaveGroup(subscribed, peer);
            }
        }

        foreach (var left in peer.Leaving)
        {
            LeaveVrf(left, peer);
        }

        peer.Leaving.Clear();
    }
}
