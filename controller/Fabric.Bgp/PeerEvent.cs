namespace Fabric.Bgp;

/// <summary>What can happen to a peer, except received bytes (<see cref="BgpPeer.Receive"/>). A connection that the peer no longer knows is ignored.</summary>
public abstract record PeerEvent
{
    private PeerEvent() { }

    /// <summary>The operator or the configuration wants the session.</summary>
    public sealed record Start : PeerEvent;

    /// <summary>The operator does not want it; the words go to the peer (RFC 9003), which drops our routes at once.</summary>
    public sealed record Stop(string? Message) : PeerEvent;

    /// <summary>What <see cref="IBgpPeerEffects.OpenConnection"/> began has succeeded.</summary>
    public sealed record ConnectionOpened(int ConnectionId) : PeerEvent;

    /// <summary>The peer has connected; the number comes from <see cref="BgpPeer.NextConnectionId"/>.</summary>
    public sealed record ConnectionAccepted(int ConnectionId) : PeerEvent;

    /// <summary>A connection has failed, or the far end has closed it.</summary>
    public sealed record ConnectionClosed(int ConnectionId, string Reason) : PeerEvent;

    /// <summary>The far end has taken nothing of what was sent for the send hold time (RFC 9687). The connection is aborted.</summary>
    public sealed record SendHoldExpired(int ConnectionId) : PeerEvent;

    public sealed record TimerFired(PeerTimer Timer) : PeerEvent;
}
