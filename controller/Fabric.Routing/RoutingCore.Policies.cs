namespace Fabric.Routing;

/// <summary>Other rules for a peer while its session goes on.</summary>
public sealed partial class RoutingCore
{
    /// <summary>
    /// The peer's rules and policies are these from now on. What it has said is judged again as it was received, and it is told what is
    /// different for it: no session ends, no End-of-RIB follows. Name, kind and families are those of the session and can't change.
    /// </summary>
    /// <returns>Whether what it has said was judged again.</returns>
    public bool Redefine(PeerId id, PeerDefinition definition)
    {
        var peer = Get(id);
        var former = peer.Definition;
        if (
            definition.Name != former.Name
            || definition.Kind != former.Kind
            || definition.Families != former.Families
            || definition.AddPathFamilies != former.AddPathFamilies
            || definition.ExtendedNextHopFamilies != former.ExtendedNextHopFamilies
        )
        {
            throw new ArgumentException($"{former.Name} needs a new session for this.", nameof(definition));
        }

        var isJudged = Rejudge(peer, definition);
        if (peer.Group is { } group && UpdateGroupPolicy.Of(definition) is var policy && policy != group.Policy)
        {
            GroupFor(policy).TakeOver(peer, group);
            LeaveGroup(group, peer);
        }

        return isJudged;
    }

    private bool Rejudge(Peer peer, PeerDefinition definition)
    {
        var former = peer.Definition;
        if (former == definition)
        {
            return false;
        }

        peer.Redefine(definition, new ImportRules(_options, definition));
        var isJudged = AsReceiver(former, definition) != definition;
        if (isJudged)
        {
            _shard.Rejudge(peer);
        }

        if (AsSource(former) != AsSource(definition))
        {
            _shard.SeeAnew(peer);
        }

        return isJudged;
    }

    /// <summary>The former definition with what the other one says of routes to the peer, which is nothing to those that come from it.</summary>
    private static PeerDefinition AsReceiver(PeerDefinition former, PeerDefinition definition) =>
        former with
        {
            PathLimits = definition.PathLimits,
            ExportPolicies = definition.ExportPolicies,
            NextHop = definition.NextHop,
            SentCommunities = definition.SentCommunities,
            PassesMultiExitDisc = definition.PassesMultiExitDisc,
            PrivateAsRemoval = definition.PrivateAsRemoval,
            OverridesAs = definition.OverridesAs,
            ReplacesAs = definition.ReplacesAs,
            ChecksLoopsOnSending = definition.ChecksLoopsOnSending,
            IsShuttingDownGracefully = definition.IsShuttingDownGracefully,
            KnowsLongLivedStale = definition.KnowsLongLivedStale,
        };

    /// <summary>What the decision process and other peers' rules look at in the peer that a path came from.</summary>
    private static PeerDefinition AsSource(PeerDefinition peer) =>
        new()
        {
            Name = peer.Name,
            Kind = peer.Kind,
            RouterId = peer.RouterId,
            Address = peer.Address,
            IsRouteReflectorClient = peer.IsRouteReflectorClient,
            PeerAs = peer.PeerAs,
        };
}
