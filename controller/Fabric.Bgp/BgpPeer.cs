using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>
/// A configured neighbour, with what its connections (<see cref="PeerConnections"/>) have in common. Owned by the BGP loop.
/// It connects, retries, rests after errors, and keeps a restarting peer's routes; which routes go out is not its matter.
/// </summary>
/// <param name="options">The neighbour's configuration.</param>
/// <param name="interner">Attribute sets, shared by the peers of a loop.</param>
/// <param name="time">The host's clock, for <see cref="EstablishedSince"/>.</param>
/// <param name="seed">Seed of the jitter of timers (RFC 4271 section 10).</param>
public sealed class BgpPeer(BgpPeerOptions options, AttributeInterner interner, TimeProvider time, int seed)
{
    private static readonly PeerTimer ConnectRetryTimer = new(PeerTimerKind.ConnectRetry);
    private static readonly PeerTimer IdleHoldTimer = new(PeerTimerKind.IdleHold);

    private readonly PeerConnections _connections = new();
    private readonly SessionHistory _history = new(time);
    private readonly GracefulRestartHelper _helper = new();
    private readonly OwnRestart _restart = new(options.IsRestarting);
    private readonly PrefixLimits _limits = new();
    private readonly EnhancedRefresh _refresh = new();
    private readonly Random _jitter = new(seed);
    private bool _isStarted;
    private bool _isResting;
    private bool _isRenewing;

    public BgpPeerOptions Options { get; private set; } = options;

    public MessageCounters Counters { get; } = new();

    /// <summary>The state of the connection that has come furthest.</summary>
    public SessionState State => _isStarted && !_isResting && _connections.AreNone ? SessionState.Active : _connections.State;

    /// <summary>What the established session agreed on.</summary>
    public SessionNegotiation? Negotiation => Established?.Negotiation;

    /// <summary>The number of the connection that the established session has; null without one.</summary>
    public int? EstablishedConnectionId => Established?.Id;

    /// <summary>Families of the established session that were disabled since what came of them could not be read (RFC 7606 section 2).</summary>
    public EquatableArray<AddressFamily> DisabledFamilies => Established?.DisabledFamilies ?? [];

    /// <summary>The OPEN of the established session as it was sent, with its header; empty without one.</summary>
    public ReadOnlyMemory<byte> SentOpen => Established?.SentOpen ?? default;

    /// <summary>The OPEN that the peer sent, with its header; empty without an established session.</summary>
    public ReadOnlyMemory<byte> ReceivedOpen => Established?.ReceivedOpen ?? default;

    public DateTimeOffset? EstablishedSince => _history.EstablishedSince;

    /// <summary>When the last session ended; null while one is established, and where none has been.</summary>
    public DateTimeOffset? DownSince => _history.DownSince;

    /// <summary>Sessions that were established so far: bgpPeerFsmEstablishedTransitions (RFC 4273).</summary>
    public long EstablishedTransitions => _history.EstablishedTransitions;

    /// <summary>How the last session, or attempt, ended.</summary>
    public SessionEnd? LastEnd => _history.LastEnd;

    /// <summary>Why it did, in words.</summary>
    public string? LastError => LastEnd?.Reason;

    /// <summary>Attempts that a NOTIFICATION ended, since the last session or since the operator began anew.</summary>
    public long FailedAttempts => _history.FailedAttempts;

    /// <summary>Whether routes of a lost session are kept; a dynamic neighbour without session and stale routes can be forgotten.</summary>
    public bool HasStaleRoutes => _helper.HasStale;

    /// <summary>Down since it had advertised more prefixes than it may.</summary>
    public bool IsOverPrefixLimit => _limits.AreExceeded;

    /// <summary>
    /// How long it is to be remembered how its sessions ended, by which the next end is judged (RFC 4271 section 8.1.1, DampPeerOscillations): the
    /// longest rest, and as long again.
    /// </summary>
    public TimeSpan Probation => _history.Probation(Options);

    internal AttributeInterner Interner { get; } = interner;

    private BgpSession? Established => _connections.Established;

    /// <summary>A number for a connection that the host has accepted.</summary>
    public int NextConnectionId() => _connections.NextId();

    public void Handle(PeerEvent happened, IBgpPeerEffects effects)
    {
        switch (happened)
        {
            case PeerEvent.Start when !_isStarted:
                Start(effects);
                break;
            case PeerEvent.Stop stop when _isStarted:
                Stop(stop, effects);
                break;
            case PeerEvent.Reset reset when _isStarted:
                Stop(new PeerEvent.Stop(reset.Message, StopReason.AdministrativeReset), effects);
                Start(effects);
                break;
            case PeerEvent.ConnectionOpened opened when _connections.Find(opened.ConnectionId) is { State: SessionState.Connect } session:
                session.Opened(effects);
                break;
            case PeerEvent.ConnectionAccepted accepted:
                Accept(accepted.ConnectionId, effects);
                break;
            case PeerEvent.ConnectionClosed closed when _connections.Find(closed.ConnectionId) is { } session:
                session.End(SessionEnd.Lost(closed.Reason), effects);
                break;
            case PeerEvent.SendHoldExpired expired when _connections.Find(expired.ConnectionId) is { } session:
                session.End(SessionEnd.NotRead, effects);
                break;
            case PeerEvent.OwnFault fault when _connections.Find(fault.ConnectionId) is { } session:
                session.Fail(NotificationMessage.UnspecifiedStateError, $"a fault of this node: {fault.Reason}", effects);
                break;
            case PeerEvent.TimerFired fired:
                TimerFired(fired.Timer, effects);
                break;
        }
    }

    /// <summary>
    /// Takes options that a session can go on under; what its OPEN said holds until the next one. With other limits a peer that was above
    /// one may come back. A time that has changed while it runs begins anew.
    /// </summary>
    public void Reconfigure(BgpPeerOptions options, IBgpPeerEffects effects)
    {
        var former = Options;
        Options = options;
        if (former.PrefixLimits != options.PrefixLimits)
        {
            _limits.ForgetWarnings();
            ClearPrefixLimit(effects);
        }

        if (former.PrefixLimitRestart != options.PrefixLimitRestart && IsOverPrefixLimit)
        {
            _limits.Wait(Options.PrefixLimitRestart, effects);
        }

        if (former.RefreshLimit != options.RefreshLimit)
        {
            _refresh.Limit(options.RefreshLimit, effects);
        }

        if (_isStarted && former.GracefulRestart?.SelectionDeferral != options.GracefulRestart?.SelectionDeferral)
        {
            _restart.Defer(options.GracefulRestart, effects);
        }
    }

    /// <summary>
    /// Begins anew, at once, under options that no session can go on under. The peer hears so (RFC 4486); its routes are kept until it has said all
    /// again where NOTIFICATIONs keep them (RFC 8538 section 4). A peer that is stopped stays so.
    /// </summary>
    public void Renew(BgpPeerOptions options, IBgpPeerEffects effects)
    {
        _isRenewing = true;
        foreach (var session in _connections.ToList())
        {
            session.Fail(NotificationMessage.Cease(CeaseSubcode.OtherConfigurationChange), null, effects);
        }

        _isRenewing = false;
        Options = options;
        ForgetWaits(effects);
        if (_isStarted)
        {
            Connect(effects);
        }
    }

    /// <summary>Takes all whole messages at the head of the bytes and returns how many bytes those have; the rest is to come again with more.</summary>
    public int Receive(int connectionId, ReadOnlySpan<byte> bytes, IBgpPeerEffects effects) =>
        _connections.Find(connectionId) is { State: > SessionState.Connect } session ? session.Receive(bytes, effects) : bytes.Length;

    /// <summary>
    /// Counts UPDATEs that the host sends by itself, since many peers share their bytes, and returns the connection that they go to;
    /// null: there is no session to send on.
    /// </summary>
    public int? CountUpdatesSent(int messages)
    {
        if (Established is not { } session)
        {
            return null;
        }

        Counters.CountSent(MessageType.Update, messages);
        return session.Id;
    }

    /// <summary>
    /// Asks the peer for its routes of a family again (RFC 2918), or marks where those that it has asked for begin and end (RFC 7313). False: there
    /// is no session, or it does not do that.
    /// </summary>
    public bool SendRouteRefresh(AddressFamily family, RouteRefreshSubtype subtype, IBgpPeerEffects effects)
    {
        if (
            Established is not { Negotiation: { } negotiation } session
            || !(subtype == RouteRefreshSubtype.Request ? negotiation.RouteRefresh : negotiation.EnhancedRouteRefresh)
            || !negotiation.Families.Contains(family)
        )
        {
            return false;
        }

        Span<byte> message = stackalloc byte[RouteRefreshMessage.TotalBytes];
        new RouteRefreshMessage(family, subtype).Encode(message);
        session.Send(message, MessageType.RouteRefresh, effects);
        return true;
    }

    /// <summary>
    /// Holds how many prefixes of a family the host has from the peer against the limit (RFC 4271 section 6.7): near it there is a warning,
    /// above it the session ends, and the peer stays down. To be called after what was received has been applied.
    /// </summary>
    public void PrefixCountChanged(AddressFamily family, uint prefixes, IBgpPeerEffects effects)
    {
        if (Established is { } session && _limits.Count(Options.PrefixLimits, family, prefixes, effects) is var (notification, detail))
        {
            // Another connection that is half open would bring the peer back at once.
            foreach (var other in _connections.Others(session))
            {
                other.Fail(notification, detail, effects);
            }

            session.Fail(Hardened(session, notification), detail, effects);
        }
    }

    internal OpenMessage CreateOpen() => Options.Open(_restart.IsRunning);

    /// <summary>Three quarters to all of the time (RFC 4271 section 10).</summary>
    internal TimeSpan Jitter(TimeSpan value) => value * (0.75 + 0.25 * _jitter.NextDouble());

    /// <summary>Decides between this connection, which has just got a valid OPEN, and others; false when this one is to close.</summary>
    internal bool ResolveCollision(BgpSession session, SessionNegotiation negotiation, IBgpPeerEffects effects) =>
        _connections.ResolveCollision(session, negotiation, Options, effects);

    internal void SessionEstablished(BgpSession session, IBgpPeerEffects effects)
    {
        var negotiation = session.Negotiation!;
        _connections.LeaveOnly(session, effects);
        effects.CancelTimer(ConnectRetryTimer);
        _history.Established();

        // What the peer did not keep goes first: memberships that no longer hold are none that its routes may follow.
        _helper.Returned(negotiation, Options.GracefulRestart?.EndOfRibTimeout ?? default, effects);
        effects.SessionEstablished(negotiation);
        _restart.SessionEstablished(negotiation, effects);
    }

    internal void SessionEnded(BgpSession session, SessionEnd end, IBgpPeerEffects effects)
    {
        _connections.Remove(session);
        var isCollision = end.Notification is { Code: NotificationCode.Cease, Subcode: (byte)CeaseSubcode.ConnectionCollisionResolution };
        if (!isCollision || session.State == SessionState.Established)
        {
            _history.LastEnd = end;
        }

        if (session.State == SessionState.Established)
        {
            ReportDown(session.Negotiation!, end, effects);
        }
        else if (end.Notification is not null && !isCollision)
        {
            ReportFailure(session, end, effects);
        }

        if (_isRenewing)
        {
            return;
        }

        if (_isStarted && _connections.AreNone)
        {
            Recover(session, end.Notification is not null && !isCollision, effects);
        }
        else if (_isStarted && session.State == SessionState.Established && !Options.IsPassive)
        {
            // What is left may be a connection on which the peer never says anything.
            effects.SetTimer(ConnectRetryTimer, Jitter(Options.ConnectRetry));
        }
    }

    internal void EndOfRibReceived(AddressFamily family, IBgpPeerEffects effects)
    {
        effects.EndOfRibReceived(family);
        _refresh.EndOfRib(family);
        _helper.EndOfRib(family, effects);
        _restart.EndOfRib(family, effects);
    }

    /// <summary>Nothing of the family is heard any more, and its End-of-RIB is not waited for.</summary>
    internal void FamilyDisabled(AddressFamily family, string reason, IBgpPeerEffects effects)
    {
        effects.FamilyDisabled(family, reason);
        _helper.EndOfRib(family, effects);
        _restart.EndOfRib(family, effects);
    }

    internal void RefreshMarked(RouteRefreshMessage mark, SessionNegotiation negotiation, IBgpPeerEffects effects) =>
        _refresh.Marked(mark, negotiation, Options.RefreshLimit, effects);

    private void Start(IBgpPeerEffects effects)
    {
        _isStarted = true;
        _restart.Defer(Options.GracefulRestart, effects);
        Connect(effects);
    }

    private void Stop(PeerEvent.Stop stop, IBgpPeerEffects effects)
    {
        _isStarted = false;
        var cease = NotificationMessage.Cease((CeaseSubcode)stop.Reason, stop.Message);
        foreach (var session in _connections.ToList())
        {
            session.Fail(stop.Reason == StopReason.OtherConfigurationChange ? cease : Hardened(session, cease), null, effects);
        }

        ForgetWaits(effects);
        _helper.ExpireAll(effects);
        _restart.Complete(effects);
    }

    private void ForgetWaits(IBgpPeerEffects effects)
    {
        _isResting = false;
        _history.Forgive();
        effects.CancelTimer(ConnectRetryTimer);
        effects.CancelTimer(IdleHoldTimer);
        _limits.Lift(effects);
    }

    // Where NOTIFICATIONs keep routes, one that is to end them says so (RFC 8538 section 3).
    private static NotificationMessage Hardened(BgpSession session, NotificationMessage cease) =>
        session.Negotiation is { NotificationKeepsRoutes: true } ? NotificationMessage.HardReset(cease) : cease;

    private void ClearPrefixLimit(IBgpPeerEffects effects)
    {
        if (IsOverPrefixLimit)
        {
            _limits.Lift(effects);
            _isResting = false;
            Connect(effects);
        }
    }

    private void Accept(int connectionId, IBgpPeerEffects effects)
    {
        if (!_isStarted || _isResting || !_connections.MakeRoom(effects))
        {
            effects.CloseConnection(connectionId);
            return;
        }

        var session = new BgpSession(this, connectionId, isOutgoing: false);
        _connections.Add(session);
        session.Opened(effects);
    }

    private void Connect(IBgpPeerEffects effects)
    {
        if (Options.IsPassive || !_connections.LackOutgoing)
        {
            return;
        }

        var session = new BgpSession(this, NextConnectionId(), isOutgoing: true);
        _connections.Add(session);
        effects.SetTimer(ConnectRetryTimer, Jitter(Options.ConnectRetry));
        effects.OpenConnection(session.Id);
    }

    private void TimerFired(PeerTimer timer, IBgpPeerEffects effects)
    {
        switch (timer.Kind)
        {
            case PeerTimerKind.ConnectRetry when _isStarted && !_isResting:
                Retry(effects);
                break;
            case PeerTimerKind.IdleHold when _isResting:
                _isResting = false;
                Connect(effects);
                break;
            case PeerTimerKind.PrefixLimit:
                ClearPrefixLimit(effects);
                break;
            case PeerTimerKind.Restart:
                _helper.RestartTimeOver(effects);
                break;
            case PeerTimerKind.LongLivedStale:
                _helper.Expire(timer.Family, effects);
                break;
            case PeerTimerKind.EndOfRib:
                _helper.EndOfRibTimeOver(effects);
                break;
            case PeerTimerKind.RouteRefresh:
                _refresh.End(timer.Family, effects);
                break;
            case PeerTimerKind.SelectionDeferral:
                _restart.Complete(effects);
                break;
            default:
                _connections.Find(timer.ConnectionId)?.TimerFired(timer.Kind, effects);
                break;
        }
    }

    private void Retry(IBgpPeerEffects effects)
    {
        if (_connections.Unanswered is { } unanswered)
        {
            _connections.Remove(unanswered);
            effects.CloseConnection(unanswered.Id);
        }

        Connect(effects);
    }

    private void Recover(BgpSession session, bool isError, IBgpPeerEffects effects)
    {
        var wasEstablished = session.State == SessionState.Established;
        _history.LeftAlone(wasEstablished, Options);
        if (IsOverPrefixLimit)
        {
            _isResting = true;
            _limits.Wait(Options.PrefixLimitRestart, effects);
        }
        else if (isError || wasEstablished)
        {
            ConnectAfter(_history.Rest(isError, Options), effects);
        }
        else if (!Options.IsPassive)
        {
            effects.SetTimer(ConnectRetryTimer, Jitter(Options.ConnectRetry));
        }
    }

    private void ConnectAfter(TimeSpan? rest, IBgpPeerEffects effects)
    {
        if (rest is not { } idleHold)
        {
            Connect(effects);
            return;
        }

        effects.CancelTimer(ConnectRetryTimer);
        _isResting = true;
        effects.SetTimer(IdleHoldTimer, Jitter(idleHold));
    }

    // What the operator ends is no failure, nor is one of an attempt beside the session.
    private void ReportFailure(BgpSession session, SessionEnd end, IBgpPeerEffects effects)
    {
        var isOfPeer = _isStarted && !_isRenewing && session.State > SessionState.Connect && Established is null;
        if (isOfPeer && _history.Failed(end.Reason))
        {
            effects.NotEstablished(session.State, end);
        }
    }

    private void ReportDown(SessionNegotiation negotiation, SessionEnd end, IBgpPeerEffects effects)
    {
        _history.Down();
        _limits.ForgetWarnings();
        _refresh.SessionEnded(effects);
        _restart.SessionEnded();
        var keeps = end.Notification is null || negotiation.NotificationKeepsRoutes && !end.Notification.IsHardReset;
        var times = keeps && _isStarted ? StaleTimes.Of(negotiation, Options.GracefulRestart) : StaleTimes.None;
        _helper.Lost(times, effects);
        effects.SessionDown(end with { StaleFamilies = times.Families });
        _helper.Kept(effects);
    }
}
