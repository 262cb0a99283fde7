using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>What a peer asks of its host and tells the routing core. Called only inside a call to the peer.</summary>
public interface IBgpPeerEffects
{
    void OpenConnection(int connectionId);

    /// <summary>Closes after what was sent has gone out. No ConnectionClosed is needed for it.</summary>
    void CloseConnection(int connectionId);

    /// <summary>The bytes are valid only during the call.</summary>
    void Send(int connectionId, ReadOnlySpan<byte> bytes);

    /// <summary>Sets the timer anew, also when it is running.</summary>
    void SetTimer(PeerTimer timer, TimeSpan due);

    void CancelTimer(PeerTimer timer);

    void SessionEstablished(SessionNegotiation negotiation);

    void SessionDown(SessionEnd end);

    /// <summary>
    /// A NOTIFICATION has ended an attempt before there was a session; <see cref="BgpPeer.FailedAttempts"/> counts it. Once for each reason since the
    /// last session, however often that is tried again; not for collisions, nor for what the operator ended.
    /// </summary>
    /// <param name="state">OpenSent or OpenConfirm, in which the connection was.</param>
    void NotEstablished(SessionState state, SessionEnd end) { }

    /// <summary>A whole UPDATE of an established session has come, be it well-formed or not; what it means follows. The bytes are valid only during the call.</summary>
    void UpdateArrived(ReadOnlySpan<byte> message) { }

    /// <summary>The view lives only during the call.</summary>
    void UpdateReceived(in UpdateView update);

    /// <summary>A message was malformed; what it leads to is already on its way.</summary>
    void UpdateFaulted(UpdateFault fault);

    /// <summary>Routes of the family are to be removed; later ones of this session are not taken (RFC 7606 section 2).</summary>
    void FamilyDisabled(AddressFamily family, string reason);

    void EndOfRibReceived(AddressFamily family);

    /// <summary>The peer wants the routes of a family again; with marks around them if <see cref="SessionNegotiation.EnhancedRouteRefresh"/> says so.</summary>
    void RouteRefreshRequested(AddressFamily family);

    /// <summary>The peer sends its routes of a family again: those that are here are stale, until it has said them or <see cref="StaleExpired"/> (RFC 7313).</summary>
    void RefreshBegun(AddressFamily family);

    /// <summary>The peer nears its limit of prefixes; once a session and family.</summary>
    void PrefixWarning(AddressFamily family, uint prefixes, uint maxPrefixes);

    /// <summary>Stale routes of these families are kept on, as the last choice, and those with NO_LLGR are to be removed (RFC 9494 section 4.2).</summary>
    void StaleBecameLongLived(EquatableArray<AddressFamily> families);

    /// <summary>Routes of these families that are still stale are to be removed.</summary>
    void StaleExpired(EquatableArray<AddressFamily> families);

    /// <summary>After this speaker's restart: the peer no longer holds up the first choice of routes (RFC 4724 section 4.1).</summary>
    void RestartCompleted();
}
