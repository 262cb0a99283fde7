using Fabric.Primitives;

namespace Fabric.Routing;

/// <summary>Addresses that move between agents while what one of them said is kept: both paths would share the load, and one of them leads nowhere.</summary>
public sealed partial class RoutingCore
{
    /// <summary>The agent has advertised the address: what is kept as stale of other agents for it in this VRF goes. Prefixes that are no address stay.</summary>
    public void EndElsewhere(PeerId agent, string vrf, IpPrefix address)
    {
        var peer = Get(agent);
        if (peer.Subscriptions.TryGetValue(vrf, out var subscription))
        {
            _shard.EndElsewhere(subscription.Vrf, address, peer);
        }
    }

    /// <summary>The agent's routes are kept as stale: those of addresses that other agents have by now go.</summary>
    public void EndMoved(PeerId agent) => _shard.EndMoved(Get(agent));
}
