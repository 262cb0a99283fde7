using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>What can happen to a peer, except received bytes (<see cref="BgpPeer.Receive"/>). A connection that the peer no longer knows is ignored.</summary>
public abstract record PeerEvent
{
    private PeerEvent() { }

    /// <summary>The operator or the configuration wants the session.</summary>
    public sealed record Start : PeerEvent;

    /// <summary>The operator does not want it; the peer drops our routes at once.</summary>
    /// <param name="Message">Words for the peer; only an Administrative Shutdown carries them (RFC 9003).</param>
    /// <param name="Subcode">Why, as the Cease says it (RFC 4486).</param>
    public sealed record Stop(string? Message, CeaseSubcode Subcode = CeaseSubcode.AdministrativeShutdown) : PeerEvent;

    /// <summary>What <see cref="IBgpPeerEffects.OpenConnection"/> began has succeeded.</summary>
    public sealed record ConnectionOpened(int ConnectionId) : PeerEvent;

    /// <summary>The peer has connected; the number comes from <see cref="BgpPeer.NextConnectionId"/>.</summary>
    public sealed record ConnectionAccepted(int ConnectionId) : PeerEvent;

    /// <summary>A connection has failed, or the far end has closed it.</summary>
    public sealed record ConnectionClosed(int ConnectionId, string Reason) : PeerEvent;

    public sealed record TimerFired(PeerTimer Timer) : PeerEvent;
}
