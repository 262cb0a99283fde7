using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>
/// What a peer sends again between two marks (RFC 7313 section 4), one for each family:
/// <code>
/// --Begin (BoRR)--> its routes are stale; what it says again is fresh --End (EoRR), or the time is over--> what is still stale goes
/// </code>
/// </summary>
internal sealed class EnhancedRefresh
{
    private readonly HashSet<AddressFamily> _complete = [];
    private readonly HashSet<AddressFamily> _begun = [];

    /// <summary>The peer has sent its first table.</summary>
    public void EndOfRib(AddressFamily family) => _complete.Add(family);

    /// <summary>A mark of a family of the session. A second Begin starts anew; before the End-of-RIB of a peer that sends one it means nothing.</summary>
    public void Marked(RouteRefreshMessage mark, SessionNegotiation negotiation, TimeSpan limit, IBgpPeerEffects effects)
    {
        if (mark.Subtype == RouteRefreshSubtype.End)
        {
            End(mark.Family, effects);
        }
        else if (negotiation.PeerGracefulRestart is null || _complete.Contains(mark.Family))
        {
            _begun.Add(mark.Family);
            effects.SetTimer(TimerOf(mark.Family), limit);
            effects.RefreshBegun(mark.Family);
        }
    }

    /// <summary>What has begun has from now on another time.</summary>
    public void Limit(TimeSpan limit, IBgpPeerEffects effects)
    {
        foreach (var family in _begun)
        {
            effects.SetTimer(TimerOf(family), limit);
        }
    }

    public void End(AddressFamily family, IBgpPeerEffects effects)
    {
        if (_begun.Remove(family))
        {
            effects.CancelTimer(TimerOf(family));
            effects.StaleExpired([family]);
        }
    }

    public void SessionEnded(IBgpPeerEffects effects)
    {
        foreach (var family in _begun)
        {
            effects.CancelTimer(TimerOf(family));
        }

        _begun.Clear();
        _complete.Clear();
    }

    private static PeerTimer TimerOf(AddressFamily family) => new(PeerTimerKind.RouteRefresh, Family: family);
}
