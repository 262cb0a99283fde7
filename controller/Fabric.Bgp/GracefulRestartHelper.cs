using Fabric.Primitives;

namespace Fabric.Bgp;

/// <summary>
/// The receiving speaker's part of graceful restart (RFC 4724 section 4.2) and of what may follow it (RFC 9494 section 4.2): which families
/// of a peer are stale, and until when.
/// <code>
/// lost --> stale --restart time--> long-lived stale --long-lived stale time--> expired
///            |                            |
///            |                            +--- peer is back --> End-of-RIB, or the rest of that time --> expired
///            +------- peer is back --> End-of-RIB, or a time for it --> expired
/// </code>
/// A long-lived stale time that runs is neither stopped nor set again by sessions that come and go before End-of-RIB.
/// </summary>
internal sealed class GracefulRestartHelper
{
    private static readonly PeerTimer RestartTimer = new(PeerTimerKind.Restart);
    private static readonly PeerTimer EndOfRibTimer = new(PeerTimerKind.EndOfRib);

    private readonly List<AddressFamily> _stale = [];

    /// <summary>Those of the stale families that wait for the restart time.</summary>
    private readonly List<AddressFamily> _restarting = [];

    /// <summary>Those of the stale families whose long-lived stale time runs.</summary>
    private readonly List<AddressFamily> _longLived = [];
    private StaleTimes _times = StaleTimes.None;

    public bool HasStale => _stale.Count > 0;

    /// <summary>
    /// The session is lost. Routes that were stale already go (RFC 4724 section 4.2, consecutive restarts), but not those of families that may
    /// become long-lived stale (RFC 9494 section 4.2).
    /// </summary>
    public void Lost(StaleTimes times, IBgpPeerEffects effects)
    {
        // The families come first: whoever hears that old routes have expired sees that others are still kept.
        var expired = _stale.Where(f => !times.LongLived.ContainsKey(f)).ToEquatableArray();
        Forget(expired, effects);
        effects.CancelTimer(EndOfRibTimer);
        _times = times;
        _stale.AddRange(times.Families.Where(f => !_stale.Contains(f)));
        _restarting.AddRange(times.RestartFamilies);
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
    public void Kept(IBgpPeerEffects effects) => BecomeLongLived([.. _stale.Where(f => !_restarting.Contains(f))], effects);

    /// <summary>The peer is back; a family for which it did not keep forwarding, or that it no longer lists, is not waited for.</summary>
    public void Returned(SessionNegotiation negotiation, TimeSpan endOfRibTimeout, IBgpPeerEffects effects)
    {
        if (!HasStale)
        {
            return;
        }

        effects.CancelTimer(RestartTimer);
        _restarting.Clear();
        Expire([.. _stale.Where(f => !HasForwarded(negotiation, f))], effects);
        if (WaitsForEndOfRib)
        {
            effects.SetTimer(EndOfRibTimer, endOfRibTimeout);
        }
    }

    public void EndOfRib(AddressFamily family, IBgpPeerEffects effects)
    {
        Expire(family, effects);
        if (!WaitsForEndOfRib)
        {
            effects.CancelTimer(EndOfRibTimer);
        }
    }

    /// <summary>The peer is back and has not sent all; what is long-lived stale has a time of its own.</summary>
    public void EndOfRibTimeOver(IBgpPeerEffects effects) => Expire([.. _stale.Except(_longLived)], effects);

    /// <summary>The restart time is over: families go on as long-lived stale where that was agreed on, the others expire.</summary>
    public void RestartTimeOver(IBgpPeerEffects effects)
    {
        var waiting = _restarting.ToList();
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
        Expire([.. _stale], effects);
        effects.CancelTimer(RestartTimer);
        effects.CancelTimer(EndOfRibTimer);
    }

    private bool WaitsForEndOfRib => _stale.Exists(f => !_longLived.Contains(f));

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

        foreach (var family in families.Where(f => !_longLived.Contains(f)))
        {
            _longLived.Add(family);
            effects.SetTimer(LongLivedTimer(family), _times.LongLived[family]);
        }

        _restarting.RemoveAll(families.Contains);
        if (_restarting.Count == 0)
        {
            effects.CancelTimer(RestartTimer);
        }

        effects.StaleBecameLongLived(families);
    }

    private void Expire(EquatableArray<AddressFamily> families, IBgpPeerEffects effects)
    {
        if (!families.IsEmpty)
        {
            Forget(families, effects);
            effects.StaleExpired(families);
        }
    }

    private void Forget(EquatableArray<AddressFamily> families, IBgpPeerEffects effects)
    {
        foreach (var family in families.Where(_longLived.Remove))
        {
            effects.CancelTimer(LongLivedTimer(family));
        }

        _stale.RemoveAll(families.Contains);
        _restarting.RemoveAll(families.Contains);
    }

    private static PeerTimer LongLivedTimer(AddressFamily family) => new(PeerTimerKind.LongLivedStale, Family: family);
}
