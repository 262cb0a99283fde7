using Fabric.Primitives;

namespace Fabric.Bgp;

/// <summary>
/// The receiving speaker's part of graceful restart (RFC 4724 section 4.2) and of what may follow it (RFC 9494 section 4.2): which families
/// of a peer are stale, and until when.
/// <code>
/// lost --> stale --restart time--> long-lived stale --long-lived stale time--> expired
///            |                            |
///            +------- peer is back -------+--> End-of-RIB, or its time --> expired
/// </code>
/// </summary>
internal sealed class GracefulRestartHelper
{
    private static readonly PeerTimer RestartTimer = new(PeerTimerKind.Restart);
    private static readonly PeerTimer EndOfRibTimer = new(PeerTimerKind.EndOfRib);

    private readonly List<AddressFamily> _stale = [];
    private readonly List<AddressFamily> _longLived = [];
    private StaleTimes _times = StaleTimes.None;

    public bool HasStale => _stale.Count > 0;

    /// <summary>The session is lost; routes that were stale already go (RFC 4724 section 4.2, consecutive restarts).</summary>
    public void Lost(StaleTimes times, IBgpPeerEffects effects)
    {
        // The families come first: whoever hears that old routes have expired sees that others are still kept.
        var expired = _stale.ToEquatableArray();
        Forget(effects);
        _times = times;
        _stale.AddRange(times.Families);
        if (!expired.IsEmpty)
        {
            effects.StaleExpired(expired);
        }

        if (HasStale)
        {
            effects.SetTimer(RestartTimer, times.Restart);
        }
    }

    /// <summary>After the host has heard of the loss: families without graceful restart have a restart time of zero (RFC 9494 section 4.2).</summary>
    public void Kept(IBgpPeerEffects effects) => BecomeLongLived([.. _stale.Where(f => !_times.RestartFamilies.Contains(f))], effects);

    /// <summary>The peer is back; a family for which it did not keep forwarding, or that it no longer lists, is not waited for.</summary>
    public void Returned(SessionNegotiation negotiation, TimeSpan endOfRibTimeout, IBgpPeerEffects effects)
    {
        if (!HasStale)
        {
            return;
        }

        effects.CancelTimer(RestartTimer);
        var lost = _stale.Where(f => !HasForwarded(negotiation, f)).ToEquatableArray();
        foreach (var family in _longLived)
        {
            effects.CancelTimer(LongLivedTimer(family));
        }

        Expire(lost, effects);
        if (HasStale)
        {
            effects.SetTimer(EndOfRibTimer, endOfRibTimeout);
        }
    }

    public void EndOfRib(AddressFamily family, IBgpPeerEffects effects)
    {
        Expire(family, effects);
        if (!HasStale)
        {
            effects.CancelTimer(EndOfRibTimer);
        }
    }

    /// <summary>The restart time is over: families go on as long-lived stale where that was agreed on, the others expire.</summary>
    public void RestartTimeOver(IBgpPeerEffects effects)
    {
        var waiting = _stale.Except(_longLived).ToList();
        Expire([.. waiting.Where(f => !_times.LongLived.ContainsKey(f))], effects);
        BecomeLongLived([.. waiting.Where(_times.LongLived.ContainsKey)], effects);
    }

    public void Expire(AddressFamily family, IBgpPeerEffects effects)
    {
        if (_stale.Contains(family))
        {
            Expire([family], effects);
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

    private bool HasForwarded(SessionNegotiation negotiation, AddressFamily family) =>
        _longLived.Contains(family)
            ? negotiation.PeerLongLived is { } longLived && longLived.Families.Any(f => f.Family == family && f.ForwardingPreserved)
            : negotiation.PeerGracefulRestart is { } restart && restart.Families.Any(f => f.Family == family && f.ForwardingPreserved);

    private void BecomeLongLived(EquatableArray<AddressFamily> families, IBgpPeerEffects effects)
    {
        if (families.IsEmpty)
        {
            return;
        }

        _longLived.AddRange(families);
        foreach (var family in families)
        {
            effects.SetTimer(LongLivedTimer(family), _times.LongLived[family]);
        }

        if (_stale.TrueForAll(_longLived.Contains))
        {
            effects.CancelTimer(RestartTimer);
        }

        effects.StaleBecameLongLived(families);
    }

    private void Forget(IBgpPeerEffects effects)
    {
        if (HasStale)
        {
            foreach (var family in _longLived)
            {
                effects.CancelTimer(LongLivedTimer(family));
            }

            _stale.Clear();
            _longLived.Clear();
            effects.CancelTimer(RestartTimer);
            effects.CancelTimer(EndOfRibTimer);
        }
    }

    private void Expire(EquatableArray<AddressFamily> families, IBgpPeerEffects effects)
    {
        if (families.IsEmpty)
        {
            return;
        }

        foreach (var family in families.Where(_longLived.Remove))
        {
            effects.CancelTimer(LongLivedTimer(family));
        }

        _stale.RemoveAll(families.Contains);
        effects.StaleExpired(families);
    }

    private static PeerTimer LongLivedTimer(AddressFamily family) => new(PeerTimerKind.LongLivedStale, Family: family);
}
