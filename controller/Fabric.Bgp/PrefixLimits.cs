using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>Holds the numbers of prefixes that a peer has advertised against its limits (RFC 4271 section 6.7).</summary>
internal sealed class PrefixLimits
{
    private static readonly PeerTimer Timer = new(PeerTimerKind.PrefixLimit);

    private readonly HashSet<AddressFamily> _warned = [];

    /// <summary>The last session ended by a limit, and nobody has let the peer come back.</summary>
    public bool AreExceeded { get; private set; }

    /// <summary>Warns near the limit, once a session and family, and gives the reason to end the session above it; null: it may go on.</summary>
    public (NotificationMessage Notification, string Detail)? Count(
        EquatableArray<PrefixLimit> limits,
        AddressFamily family,
        uint prefixes,
        IBgpPeerEffects effects
    )
    {
        foreach (var limit in limits.AsSpan())
        {
            if (limit.Family != family)
            {
                continue;
            }

            if (prefixes > limit.MaxPrefixes)
            {
                AreExceeded = true;
                return (limit.Exceeded(), $"{family}: {prefixes}, the limit is {limit.MaxPrefixes}");
            }

            if (limit.IsNear(prefixes) && _warned.Add(family))
            {
                effects.PrefixWarning(family, prefixes, limit.MaxPrefixes);
            }
        }

        return null;
    }

    /// <summary>The peer stays down for so long; null: until somebody lets it come back.</summary>
    public void Wait(TimeSpan? restart, IBgpPeerEffects effects)
    {
        if (restart is { } time)
        {
            effects.SetTimer(Timer, time);
        }
        else
        {
            effects.CancelTimer(Timer);
        }
    }

    /// <summary>The peer may come back.</summary>
    public void Lift(IBgpPeerEffects effects)
    {
        AreExceeded = false;
        effects.CancelTimer(Timer);
    }

    /// <summary>With another session, or other limits, warnings begin anew.</summary>
    public void ForgetWarnings() => _warned.Clear();
}
