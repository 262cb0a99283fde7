using Fabric.Primitives;
using Fabric.Wire.Xmpp;

namespace Fabric.Xmpp;

/// <summary>
/// What agents say, for the routing core and the configuration, in the order in which they said it. A subscription carries a
/// generation: what was queued for an earlier one is never applied to a later one.
/// </summary>
public interface IAgentEffects
{
    void Established(AgentPeer agent);

    /// <summary>
    /// The agent joined a VRF and is owed all its routes (unless NoRibOut). Also when an agent that came back asks again for
    /// a VRF whose paths were kept: they stay as they are until published anew or swept.
    /// </summary>
    void Subscribed(AgentPeer agent, Subscription subscription);

    /// <summary>The agent left the VRF; all its paths there go.</summary>
    void Unsubscribed(AgentPeer agent, Subscription subscription);

    /// <summary>A path, new or in place of the agent's earlier one; no longer stale.</summary>
    void RoutePublished(AgentPeer agent, Subscription subscription, UnicastItem item);

    void RouteWithdrawn(AgentPeer agent, Subscription subscription, AddressFamily family, IpPrefix prefix);

    void EndOfRibReceived(AgentPeer agent);

    void ConfigSubscribed(AgentPeer agent, string virtualRouter);

    /// <summary>The session ended; nothing can be sent. <see cref="MarkStale"/> follows when the agent's state is kept, else <see cref="Removed"/>.</summary>
    void Down(AgentPeer agent, string reason);

    /// <summary>All paths of the agent are stale from now on, and still used.</summary>
    void MarkStale(AgentPeer agent);

    /// <summary>Paths of the agent that are still stale go.</summary>
    void SweepStale(AgentPeer agent);

    /// <summary>Nothing of the agent is left; its subscriptions were ended before.</summary>
    void Removed(AgentPeer agent);

    void SetRestartTimer(AgentPeer agent, TimeSpan time);

    void CancelRestartTimer(AgentPeer agent);

    /// <summary>Something that the agent sent was passed over; the session goes on.</summary>
    void InputSkipped(AgentPeer agent, string reason);
}
