using System.Diagnostics.CodeAnalysis;
using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Routing;

/// <summary>
/// Owned by the routing loop. The RIB of a control node: VRFs, the VPN table (RFC 4364) and route target memberships (RFC 4684), with BGP peers
/// and agents as equal clients. Sessions, encodings and timers are the host's: it calls in what it hears, then reads what to say.
/// <code>
/// in     ConfigureVrf RemoveVrf | Establish MarkStale SweepStale Remove | Subscribe Unsubscribe Admit Suspend
///        Advertise Withdraw (VPN, membership, agent's route) | MembershipsKnown SetBlocked
/// out    Read: updates for the receivers of a group, until it returns 0; then Sweep
/// </code>
/// </summary>
public sealed partial class RoutingCore
{
    private readonly RoutingOptions _options;
    private readonly List<Peer?> _peers = [];
    private readonly Dictionary<string, Peer> _peersByName = [];
    private readonly Dictionary<string, Vrf> _vrfs = [];
    private readonly ImportIndex _imports = new();
    private readonly Dictionary<RouteTarget, int> _localTargets = [];
    private readonly Dictionary<UpdateGroupPolicy, List<UpdateGroup>> _groups = [];
    private readonly Queue<UpdateGroup> _ready = [];
    private readonly RouteShard _shard;
    private readonly Peer _local;
    private readonly PathAttributes _localAttributes;

    public RoutingCore(RoutingOptions options)
    {
        _options = options;
        _shard = new RouteShard(options, _peers, _imports);
        _localAttributes = new PathAttributes { NextHop = options.LocalAddress, LocalPref = 100 };
        _local = AddPeer(
            new PeerDefinition
            {
                Name = "local",
                Kind = PeerKind.Local,
                RouterId = options.RouterId,
                Address = options.LocalAddress,
            }
        );
    }

    /// <summary>
    /// From now on BGP peers are not told that they have heard all of a table but that of memberships: after a restart of this node, others would drop routes
    /// that are only not here again yet (RFC 4724 section 4.1).
    /// </summary>
    public void HoldEndOfRib() => _shard.HoldsEndOfRib = true;

    public void ReleaseEndOfRib()
    {
        _shard.HoldsEndOfRib = false;
        foreach (var group in _groups.Values.SelectMany(static groups => groups))
        {
            group.Notify();
        }
    }

    /// <summary>Whether <see cref="Read"/> may have something.</summary>
    public bool HasUpdates => _ready.Count > 0;

    /// <summary>Whether <see cref="Sweep"/> has something to do.</summary>
    public bool HasUnused => _shard.HasUnused;

    /// <summary>
    /// Fills the batch with up to so many updates of one group and returns how many; groups take turns. 0 means that no receiver that can
    /// take something has to be told anything.
    /// </summary>
    public int Read(UpdateBatch batch, int maxUpdates)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxUpdates);
        while (_ready.TryDequeue(out var group))
        {
            var count = group.Read(batch, maxUpdates);
            if (count > 0)
            {
                _ready.Enqueue(group);
                return count;
            }

            FinishLeaving(group);
        }

        batch.Clear();
        return 0;
    }

    /// <summary>Gives up routes that nobody needs any more; looks at so many at most. For when there is nothing to be told.</summary>
    public void Sweep(int maxRoutes) => _shard.Sweep(maxRoutes);

    /// <summary>A VPN route of a BGP peer, new or changed. Routes of one UPDATE should share the instance of their attributes.</summary>
    public void Advertise(
        PeerId peer,
        RouteDistinguisher rd,
        IpPrefix prefix,
        OfferedAttributes attributes,
        MplsLabel label,
        uint pathId = 0
    ) => _shard.Advertise(_shard.Vpn, RouteKey.Vpn(rd, prefix), Get(peer), attributes, label.Value, pathId);

    public void Withdraw(PeerId peer, RouteDistinguisher rd, IpPrefix prefix, uint pathId = 0) =>
        _shard.Withdraw(_shard.Vpn, RouteKey.Vpn(rd, prefix), Get(peer), pathId);

    /// <summary>A route target membership of a BGP peer.</summary>
    public void Advertise(PeerId peer, RouteTargetMembership membership, OfferedAttributes attributes) =>
        _shard.Advertise(_shard.Memberships, RouteKey.Of(membership), Get(peer), attributes, 0);

    public void Withdraw(PeerId peer, RouteTargetMembership membership) =>
        _shard.Withdraw(_shard.Memberships, RouteKey.Of(membership), Get(peer));

    /// <summary>
    /// An agent's route in a VRF, new or changed; the attributes are the agent's, without route targets. False without a subscription to the
    /// VRF, which is a violation of the protocol. In a VRF that is not configured yet, or that the agent is not admitted to, the route waits.
    /// </summary>
    public bool Advertise(PeerId agent, string vrf, IpPrefix prefix, RouteDistinguisher rd, OfferedAttributes attributes, MplsLabel label)
    {
        if (!Get(agent).Subscriptions.TryGetValue(vrf, out var subscription))
        {
            return false;
        }

        _shard.AdvertisePrimary(subscription, Get(agent), rd, prefix, attributes, label.Value);
        return true;
    }

    /// <summary>False without a subscription to the VRF.</summary>
    public bool Withdraw(PeerId agent, string vrf, IpPrefix prefix)
    {
        if (!Get(agent).Subscriptions.TryGetValue(vrf, out var subscription))
        {
            return false;
        }

        var path = _shard.FindPrimary(subscription.Vrf, prefix, Get(agent));
        if (path != Path.None)
        {
            _shard.RemovePath(path);
        }

        return true;
    }

    /// <summary>Whether the agent has a route for the prefix in the VRF.</summary>
    public bool HasAdvertised(PeerId agent, string vrf, IpPrefix prefix) =>
        Get(agent) is var peer
        && peer.Subscriptions.TryGetValue(vrf, out var subscription)
        && _shard.FindPrimary(subscription.Vrf, prefix, peer) != Path.None;

    [SuppressMessage("Design", "MA0012", Justification = "An unknown number is a bug of the host.")]
    private Peer Get(PeerId id) =>
        id.Value > 0 && id.Value < _peers.Count && _peers[id.Value] is { } peer
            ? peer
            : throw new ArgumentException($"{id} is not established.", nameof(id));
}
