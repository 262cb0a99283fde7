using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>The receiving speaker's part of graceful restart (RFC 4724 section 4.2): which families of a peer are stale, and until when.</summary>
internal sealed class GracefulRestartHelper
{
    private static readonly PeerTimer RestartTimer = new(PeerTimerKind.Restart);
    private static readonly PeerTimer EndOfRibTimer = new(PeerTimerKind.EndOfRib);

    private readonly List<AddressFamily> _stale = [];

    public bool HasStale => _stale.Count > 0;

    /// <summary>The session is lost; routes that were stale already go (RFC 4724 section 4.2, consecutive restarts).</summary>
    public void Lost(EquatableArray<AddressFamily> families, TimeSpan restartTime, IBgpPeerEffects effects)
    {
        // The families come first: whoever hears that old routes have expired sees that others are still kept.
        var expired = _stale.ToEquatableArray();
        Forget(effects);
        _stale.AddRange(families);
        if (!expired.IsEmpty)
        {
            effects.StaleExpired(expired);
        }

        if (HasStale)
        {
            effects.SetTimer(RestartTimer, restartTime);
        }
    }

    /// <summary>The peer is back; a family for which it did not keep forwarding, or that it no longer lists, is not waited for.</summary>
    public void Returned(SessionNegotiation negotiation, TimeSpan endOfRibTimeout, IBgpPeerEffects effects)
    {
        if (!HasStale)
        {
            return;
        }

        effects.CancelTimer(RestartTimer);
        var kept = negotiation.PeerGracefulRestart?.Families ?? [];
        var lost = _stale.Where(f => !kept.Contains(new GracefulRestartFamily(f, ForwardingPreserved: true))).ToEquatableArray();
        Expire(lost, effects);
        if (HasStale)
        {
            effects.SetTimer(EndOfRibTimer, endOfRibTimeout);
        }
    }

    public void EndOfRib(AddressFamily family, IBgpPeerEffects effects)
    {
        if (_stale.Contains(family))
        {
            Expire([family], effects);
            if (!HasStale)
            {
                effects.CancelTimer(EndOfRibTimer);
            }
        }
    }

    public void ExpireAll(IBgpPeerEffects effects)
    {
        if (HasStale)
        {
            var expired = _stale.ToEquatableArray();
            Forget(effects);
            effects.StaleExpired(expired);
        }
    }

    private void Forget(IBgpPeerEffects effects)
    {
        if (HasStale)
        {
            _stale.Clear();
            effects.CancelTimer(RestartTimer);
            effects.CancelTimer(EndOfRibTimer);
        }
    }

    private void Expire(EquatableArray<AddressFamily> families, IBgpPeerEffects effects)
    {
        if (!families.IsEmpty)
        {
            _stale.RemoveAll(families.Contains);
            effects.StaleExpired(families);
        }
    }
}
