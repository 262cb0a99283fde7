using Fabric.Primitives;

namespace Fabric.Bgp;

/// <summary>
/// This speaker's own restart, as far as one peer goes (RFC 4724 section 4.1): the first choice of routes waits until the peer has sent its own,
/// for as long as the deferral timer runs.
/// </summary>
internal sealed class OwnRestart(bool isRestarting)
{
    private static readonly PeerTimer DeferralTimer = new(PeerTimerKind.SelectionDeferral);

    private readonly HashSet<AddressFamily> _awaited = [];

    /// <summary>Said to the peer in OPENs.</summary>
    public bool IsRunning { get; private set; } = isRestarting;

    /// <summary>Waits from now on for as long as the options say.</summary>
    public void Defer(GracefulRestartOptions? options, IBgpPeerEffects effects)
    {
        if (IsRunning)
        {
            effects.SetTimer(DeferralTimer, options?.SelectionDeferral ?? TimeSpan.Zero);
        }
    }

    /// <summary>A peer that restarts too, or that does not know graceful restart, sends no End-of-RIB to wait for.</summary>
    public void SessionEstablished(SessionNegotiation negotiation, IBgpPeerEffects effects)
    {
        if (negotiation.PeerGracefulRestart is null or { Restarted: true })
        {
            Complete(effects);
        }
        else if (IsRunning)
        {
            _awaited.UnionWith(negotiation.Families);
        }
    }

    public void EndOfRib(AddressFamily family, IBgpPeerEffects effects)
    {
        if (_awaited.Remove(family) && _awaited.Count == 0)
        {
            Complete(effects);
        }
    }

    public void SessionEnded() => _awaited.Clear();

    public void Complete(IBgpPeerEffects effects)
    {
        if (IsRunning)
        {
            IsRunning = false;
            _awaited.Clear();
            effects.CancelTimer(DeferralTimer);
            effects.RestartCompleted();
        }
    }
}
