using Fabric.Agent.Core.Compilation;
using Fabric.Agent.Core.Routes;

namespace Fabric.Agent.Core.Publishing;

/// <summary>
/// What one session of a controller was told, and what it still has to be: subscriptions first, then routes; withdrawals
/// before the unsubscription of their VRF; End-of-RIB once, when all that there is was sent.
/// </summary>
public sealed class ControllerSync(string controller)
{
    private readonly Dictionary<string, uint> _subscribed = [];
    private readonly Dictionary<VrfPrefix, PublishedRoute> _published = [];

    public string Controller => controller;

    /// <summary>The session was told everything once.</summary>
    public bool SentEndOfRib { get; private set; }

    /// <summary>The controller has told everything that it has for our subscriptions.</summary>
    public bool IsSynced { get; private set; }

    /// <summary>An End-of-RIB counts only when it answers ours: an earlier one was said before our subscriptions.</summary>
    public bool TryReceiveEndOfRib()
    {
        IsSynced |= SentEndOfRib;
        return SentEndOfRib;
    }

    /// <param name="local">What should be published.</param>
    /// <param name="isComplete">Whether the configuration has come whole, so that our End-of-RIB may be said.</param>
    /// <param name="effects">What to send.</param>
    public void Sync(LocalState local, bool isComplete, List<AgentEffect> effects)
    {
        foreach (var key in _published.Keys)
        {
            if (!local.Published.ContainsKey(key) || !IsSubscribedAs(key.Vrf, local))
            {
                _published.Remove(key, out var route);
                effects.Add(new WithdrawRoute(controller, route!));
            }
        }

        foreach (var (vrf, id) in _subscribed)
        {
            if (!IsSubscribedAs(vrf, local))
            {
                _subscribed.Remove(vrf);
                effects.Add(new UnsubscribeVrf(controller, vrf, id));
            }
        }

        foreach (var (vrf, id) in local.Vrfs)
        {
            if (_subscribed.TryAdd(vrf, id))
            {
                effects.Add(new SubscribeVrf(controller, vrf, id));
            }
        }

        foreach (var (key, route) in local.Published)
        {
            if (!_published.TryGetValue(key, out var known) || known != route)
            {
                _published[key] = route;
                effects.Add(new PublishRoute(controller, route));
            }
        }

        if (isComplete && !SentEndOfRib)
        {
            SentEndOfRib = true;
            effects.Add(new SendEndOfRib(controller));
            effects.Add(new StartEndOfRibTimer(controller));
        }
    }

    private bool IsSubscribedAs(string vrf, LocalState local) =>
        local.Vrfs.TryGetValue(vrf, out var id) && _subscribed.TryGetValue(vrf, out var known) && known == id;
}
