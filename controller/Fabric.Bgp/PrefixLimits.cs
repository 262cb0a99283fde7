using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>Holds the numbers of prefixes that a peer has advertised against its limits (RFC 4271 section 6.7).</summary>
internal sealed class PrefixLimits(EquatableArray<PrefixLimit> limits)
{
    private readonly HashSet<AddressFamily> _warned = [];
    private EquatableArray<PrefixLimit> _limits = limits;

    /// <summary>The last session ended by a limit, and nobody has let the peer come back.</summary>
    public bool AreExceeded { get; set; }

    /// <summary>Whether these are others than before.</summary>
    public bool Become(EquatableArray<PrefixLimit> limits)
    {
        var areOthers = _limits != limits;
        _limits = limits;
        if (areOthers)
        {
            _warned.Clear();
        }

        return areOthers;
    }

    /// <summary>Warns near the limit, once a session and family, and gives the reason to end the session above it; null: it may go on.</summary>
    public (NotificationMessage Notification, string Detail)? Count(AddressFamily family, uint prefixes, IBgpPeerEffects effects)
    {
        foreach (var limit in _limits.AsSpan())
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

    public void SessionEnded() => _warned.Clear();
}
