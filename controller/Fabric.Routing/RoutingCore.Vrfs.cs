using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>VRFs as desired state, subscriptions, and this node's own memberships, which follow from both.</summary>
public sealed partial class RoutingCore
{
    /// <summary>Makes the VRF what the definition says; a changed target takes effect on every route before this returns.</summary>
    public void ConfigureVrf(VrfDefinition definition)
    {
        var vrf = GetOrAdd(definition.Name);
        if (vrf.Definition != definition)
        {
            Redefine(vrf, definition);
        }
    }

    /// <summary>Subscribers are told of the end of every route; their subscriptions and routes wait for the VRF to come again.</summary>
    public void RemoveVrf(string name)
    {
        if (_vrfs.TryGetValue(name, out var vrf) && vrf.Definition is not null)
        {
            Redefine(vrf, null);
            ReleaseIfUnused(vrf);
        }
    }

    /// <summary>
    /// An agent wants a VRF's routes, or with <paramref name="receiveRoutes"/> false only to publish there. With <paramref name="isAdmitted"/> false
    /// it waits for <see cref="Admit(PeerId, string)"/>.
    /// </summary>
    public SubscribeOutcome Subscribe(PeerId agent, string vrf, bool receiveRoutes = true, bool isAdmitted = true)
    {
        var peer = Get(agent);
        if (!peer.Subscriptions.TryGetValue(vrf, out var subscription))
        {
            subscription = new Subscription(GetOrAdd(vrf));
            peer.Subscriptions.Add(vrf, subscription);
            subscription.Vrf.Subscriptions++;
        }
        else if (!subscription.IsStale)
        {
            return SubscribeOutcome.Duplicate;
        }

        (subscription.IsStale, subscription.WantsRoutes) = (false, receiveRoutes);
        if (isAdmitted)
        {
            Admit(agent, vrf);
        }
        else
        {
            Suspend(agent, vrf);
        }

        return !isAdmitted ? SubscribeOutcome.Waiting
            : subscription.Vrf.Definition is null ? SubscribeOutcome.Pending
            : SubscribeOutcome.Subscribed;
    }

    /// <summary>
    /// Removes the agent's routes in the VRF, and ends what it is told of it with the end of all that it holds: it may subscribe again before
    /// updates have reached it that are on their way now, and would take them for new ones. False without a subscription.
    /// </summary>
    public bool Unsubscribe(PeerId agent, string vrf)
    {
        var peer = Get(agent);
        if (!peer.Subscriptions.Remove(vrf, out var subscription))
        {
            return false;
        }

        BeginLeaving(peer, subscription);
        _shard.RemoveAll(peer, subscription.Vrf);
        if (subscription.IsAdmitted)
        {
            RemoveMember(subscription.Vrf);
        }

        subscription.Vrf.Subscriptions--;
        ReleaseIfUnused(subscription.Vrf);

        return true;
    }

    private UpdateGroup JoinVrf(Peer peer, Vrf vrf)
    {
        if (peer.Leaving.Find(left => left.Policy.Vrf == vrf) is { } former)
        {
            peer.Leaving.Remove(former);
            former.Return(peer);
            return former;
        }

        var group = GroupFor(new UpdateGroupPolicy { Kind = PeerKind.Agent, Vrf = vrf });
        group.Join(peer);
        return group;
    }

    private void BeginLeaving(Peer peer, Subscription subscription)
    {
        if (subscription.Group is not { } group)
        {
            return;
        }

        subscription.Group = null;
        if (group.BeginLeave(peer))
        {
            peer.Leaving.Add(group);
        }
        else
        {
            LeaveGroup(group, peer);
        }
    }

    private void FinishLeaving(UpdateGroup group)
    {
        while (group.FindDrained() is { } peer)
        {
            peer.Leaving.Remove(group);
            LeaveVrf(group, peer);
        }
    }

    private void LeaveVrf(UpdateGroup group, Peer peer)
    {
        LeaveGroup(group, peer);
        ReleaseIfUnused(group.Policy.Vrf!);
    }

    private Vrf GetOrAdd(string name)
    {
        if (!_vrfs.TryGetValue(name, out var vrf))
        {
            _vrfs.Add(name, vrf = new Vrf(name));
        }

        return vrf;
    }

    private void ReleaseIfUnused(Vrf vrf)
    {
        if (vrf.Definition is null && vrf.Subscriptions == 0 && _shard.FindTable(vrf) is null or { Outs.Count: 0 })
        {
            _shard.RemoveTables(vrf);
            _vrfs.Remove(vrf.Name);
        }
    }

    private void Redefine(Vrf vrf, VrfDefinition? definition)
    {
        var former = vrf.Definition;
        vrf.Redefine(definition, definition is null ? null : new VrfRules(_options, definition));
        if (vrf.Members > 0)
        {
            CountLocalTargets(definition, +1);
            CountLocalTargets(former, -1);
        }

        RedefineImports(vrf, former, definition);
        if (
            former is null
            || definition is null
            || former.ExportTargets != definition.ExportTargets
            || former.ExportPolicies != definition.ExportPolicies
        )
        {
            _shard.ExportAll(vrf);
        }

        if (former is null || definition is null)
        {
            foreach (var rib in _shard.TableOf(vrf).Outs)
            {
                rib.Group.MarkAll();
            }
        }
    }

    private void RedefineImports(Vrf vrf, VrfDefinition? formerDefinition, VrfDefinition? definition)
    {
        var (former, wanted) = (Targets(formerDefinition?.ImportTargets), Targets(definition?.ImportTargets));
        foreach (var target in former.Except(wanted))
        {
            _imports.Remove(target, vrf);
        }

        foreach (var target in wanted.Except(former))
        {
            _imports.Add(target, vrf);
        }

        // Routes of targets that stay are looked at again where another policy may think otherwise of them.
        var isSamePolicy = formerDefinition?.ImportPolicies == definition?.ImportPolicies;
        foreach (var target in isSamePolicy ? former.Except(wanted).Concat(wanted.Except(former)) : former.Union(wanted))
        {
            _shard.Reimport(target);
        }
    }

    private void CountLocalTargets(VrfDefinition? definition, int change)
    {
        foreach (var target in Targets(definition?.ImportTargets))
        {
            var former = _localTargets.GetValueOrDefault(target);
            var count = former + change;
            var key = RouteKey.Of(new RouteTargetMembership(_options.LocalAs, target));
            if (count == 0)
            {
                _localTargets.Remove(target);
                _shard.Withdraw(_shard.Memberships, key, _local);
                continue;
            }

            _localTargets[target] = count;
            if (former == 0)
            {
                _shard.Advertise(_shard.Memberships, key, _local, _localAttributes, 0);
            }
        }
    }

    private static HashSet<RouteTarget> Targets(EquatableArray<RouteTarget>? targets) => [.. targets ?? []];
}
