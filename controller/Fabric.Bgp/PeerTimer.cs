using Fabric.Primitives;

namespace Fabric.Bgp;

public enum PeerTimerKind
{
    /// <summary>Time for the next attempt to connect (RFC 4271 section 8).</summary>
    ConnectRetry,

    /// <summary>A peer whose sessions end by errors rests before the next (RFC 4271 section 8.1.1, DampPeerOscillations).</summary>
    IdleHold,

    /// <summary>The peer was not heard of for the hold time; before the OPEN exchange, for a large fixed time.</summary>
    Hold,

    Keepalive,

    /// <summary>A peer in graceful restart has not come back (RFC 4724 section 4.2).</summary>
    Restart,

    /// <summary>Long-lived stale routes of a family have come to their end (RFC 9494 section 4.2).</summary>
    LongLivedStale,

    /// <summary>A peer that came back has not sent End-of-RIB.</summary>
    EndOfRib,

    /// <summary>A peer that began to send the routes of a family again has not come to their end (RFC 7313 section 4).</summary>
    RouteRefresh,

    /// <summary>A peer that was above its limit of prefixes may come back.</summary>
    PrefixLimit,

    /// <summary>This speaker's own restart waits no longer for the peer's routes (RFC 4724 section 4.1, Selection_Deferral_Timer).</summary>
    SelectionDeferral,
}

/// <summary>A timer of the peer (connection 0), of one of its families or of one of its connections.</summary>
public readonly record struct PeerTimer(PeerTimerKind Kind, int ConnectionId = 0, AddressFamily Family = default);
