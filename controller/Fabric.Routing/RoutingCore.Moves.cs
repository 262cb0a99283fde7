using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>
/// Addresses that move between agents while what one of them said is kept: both paths would share the load, and one of them leads nowhere. An address that
/// several agents serve on purpose looks the same here, so the caller says where an address belongs.
/// </summary>
public sealed partial class RoutingCore
{
    /// <summary>
    /// The agent has advertised an address that belongs to it: what is kept as stale of other agents for it in this VRF goes. Prefixes that are no address stay.
    /// </summary>
    public void EndElsewhere(PeerId agent, string vrf, IpPrefix address)
    {
        var peer = Get(agent);
        if (peer.Subscriptions.TryGetValue(vrf, out var subscription))
        {
            _shard.EndElsewhere(subscription.Vrf, address, peer);
        }
    }

    /// <summary>Of the agent's routes that are kept as stale, those go whose address another agent has advertised to which it belongs.</summary>
    /// <param name="agent">One that is away, or that came back and has not said all again.</param>
    /// <param name="belongsTo">Whether an address belongs to an agent in a VRF.</param>
    public void EndMoved(PeerId agent, Func<PeerId, string, IpPrefix, bool> belongsTo) => _shard.EndMoved(Get(agent), belongsTo);
}
