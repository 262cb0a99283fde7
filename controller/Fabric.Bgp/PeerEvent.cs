namespace Fabric.Bgp;

/// <summary>What can happen to a peer, except received bytes (<see cref="BgpPeer.Receive"/>). A connection that the peer no longer knows is ignored.</summary>
public abstract record PeerEvent
{
    private PeerEvent() { }

    /// <summary>The operator or the configuration wants the session.</summary>
    public sealed record Start : PeerEvent;

    /// <summary>
    /// The operator or the configuration does not want it, or wants another one in its place: the peer hears why, and our hold on its routes ends. It
    /// drops ours at once, but keeps them over a changed configuration where both support that (RFC 8538). See also <see cref="BgpPeer.Renew"/>.
    /// </summary>
    /// <param name="Message">The operator's words, for a shutdown or reset (RFC 9003).</param>
    public sealed record Stop(string? Message = null, StopReason Reason = StopReason.AdministrativeShutdown) : PeerEvent;

    /// <summary>
    /// The operator has the session end and begin anew, at once whatever the peer was waiting for. Nothing of the old one is kept by either end
    /// (RFC 8538 section 3). A peer that is stopped stays so.
    /// </summary>
    /// <param name="Message">The operator's words (RFC 9003).</param>
    public sealed record Reset(string? Message = null) : PeerEvent;

    /// <summary>What <see cref="IBgpPeerEffects.OpenConnection"/> began has succeeded.</summary>
    public sealed record ConnectionOpened(int ConnectionId) : PeerEvent;

    /// <summary>The peer has connected; the number comes from <see cref="BgpPeer.NextConnectionId"/>.</summary>
    public sealed record ConnectionAccepted(int ConnectionId) : PeerEvent;

    /// <summary>A connection has failed, or the far end has closed it.</summary>
    public sealed record ConnectionClosed(int ConnectionId, string Reason) : PeerEvent;

    /// <summary>
    /// The far end has taken nothing of what was sent for the send hold time (RFC 9687). The host has aborted the connection: a NOTIFICATION
    /// would stand behind all that the far end does not read.
    /// </summary>
    public sealed record SendHoldExpired(int ConnectionId) : PeerEvent;

    /// <summary>This node has failed at what the connection brought, and would again: the peer hears that the session is over, and rests.</summary>
    /// <param name="Reason">In words, for the log.</param>
    public sealed record OwnFault(int ConnectionId, string Reason) : PeerEvent;

    public sealed record TimerFired(PeerTimer Timer) : PeerEvent;
}
