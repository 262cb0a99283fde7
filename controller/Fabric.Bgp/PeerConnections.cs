using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>
/// The connections of a peer: one that this node opens and one that the peer does, at most, of which collision resolution leaves one
/// (RFC 4271 section 6.8).
/// </summary>
internal sealed class PeerConnections
{
    private const int Max = 2;

    private readonly List<BgpSession> _sessions = new(Max);
    private int _lastId;

    public bool AreNone => _sessions.Count == 0;

    /// <summary>Whether another one that this node opens would be of use.</summary>
    public bool LackOutgoing => !_sessions.Exists(s => s.IsOutgoing || s.State >= SessionState.OpenConfirm);

    /// <summary>The state of the one that has come furthest.</summary>
    public SessionState State
    {
        get
        {
            var state = SessionState.Idle;
            foreach (var session in _sessions)
            {
                state = session.State > state ? session.State : state;
            }

            return state;
        }
    }

    public BgpSession? Established
    {
        get
        {
            foreach (var session in _sessions)
            {
                if (session.State == SessionState.Established)
                {
                    return session;
                }
            }

            return null;
        }
    }

    /// <summary>One that is being opened, and has not been answered.</summary>
    public BgpSession? Unanswered => _sessions.Find(s => s.State == SessionState.Connect);

    public int NextId() => ++_lastId;

    public BgpSession? Find(int id)
    {
        foreach (var session in _sessions)
        {
            if (session.Id == id)
            {
                return session;
            }
        }

        return null;
    }

    public void Add(BgpSession session) => _sessions.Add(session);

    public void Remove(BgpSession session) => _sessions.Remove(session);

    /// <summary>A copy, since a session that ends is removed.</summary>
    public List<BgpSession> ToList() => [.. _sessions];

    /// <summary>A copy without one of them.</summary>
    public List<BgpSession> Others(BgpSession session) => [.. _sessions.Where(s => s != session)];

    /// <summary>Whether there is room for one that the peer has opened.</summary>
    public bool MakeRoom(IBgpPeerEffects effects)
    {
        // Who connects again has done with a connection on which it has said nothing: its process has gone, and its end was not heard of. With an
        // OPEN it would be the identifiers that decide.
        if (_sessions.Count == Max && _sessions.Find(s => s is { IsOutgoing: false, State: SessionState.OpenSent }) is { } silent)
        {
            Lose(silent, effects);
        }

        return _sessions.Count < Max;
    }

    /// <summary>
    /// Decides between this connection, which has just got a valid OPEN, and others; false when this one is to close. The one that the
    /// speaker with the higher identifier has opened stays (RFC 4271 section 6.8); with equal identifiers the higher AS decides (RFC 6286
    /// section 2.3). An established session stays, unless the peer knows graceful restart: then the OPEN says that it has lost that session,
    /// whether it has restarted itself or only its TCP (RFC 4724 sections 4.2 and 5). Waiting for the OPEN, and not for the connection alone, has
    /// nobody end a session who cannot speak for the peer.
    /// </summary>
    public bool ResolveCollision(BgpSession session, SessionNegotiation negotiation, BgpPeerOptions options, IBgpPeerEffects effects)
    {
        var localIsHigher =
            (options.LocalIdentifier.Value, options.PresentedAs.Value).CompareTo(
                (negotiation.PeerIdentifier.Value, negotiation.PeerAs.Value)
            ) > 0;
        foreach (var other in Others(session).Where(s => s.State >= SessionState.OpenConfirm))
        {
            if (other.State == SessionState.Established)
            {
                if (!MayBeginAnew(other.Negotiation!, negotiation))
                {
                    return false;
                }

                other.End(SessionEnd.BegunAnew, effects);
            }
            else if (session.IsOutgoing != other.IsOutgoing && session.IsOutgoing != localIsHigher)
            {
                return false;
            }
            else
            {
                Lose(other, effects);
            }
        }

        return true;
    }

    /// <summary>This one is established, and the only one from now on.</summary>
    public void LeaveOnly(BgpSession session, IBgpPeerEffects effects)
    {
        foreach (var other in Others(session))
        {
            Lose(other, effects);
        }
    }

    private static void Lose(BgpSession session, IBgpPeerEffects effects) =>
        session.Fail(NotificationMessage.Cease(CeaseSubcode.ConnectionCollisionResolution), null, effects);

    // A capability without families says only that the peer can help others (RFC 4724 section 3), unless it says now that it has restarted.
    private static bool MayBeginAnew(SessionNegotiation established, SessionNegotiation next) =>
        established.PeerGracefulRestart is { Families.IsEmpty: false } || next.PeerGracefulRestart is { Restarted: true };
}
