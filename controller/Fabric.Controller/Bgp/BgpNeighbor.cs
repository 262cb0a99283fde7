using Fabric.Bgp;
using Fabric.Intent;
using Fabric.Primitives;
using Fabric.Routing;
using Fabric.Runtime;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Bgp;

/// <summary>Between a BGP peer's core, its connections and timers, and the routing core.</summary>
internal sealed partial class BgpNeighbor : IBgpPeerEffects, IDisposable
{
    private readonly BgpSpeaker _speaker;
    private readonly Dictionary<int, BgpConnection> _connections = [];
    private readonly Dictionary<PeerTimer, LoopTimer> _timers = [];
    private readonly LoopTimer _membershipTimer;
    private readonly LoopTimer _forgetTimer;
    private SessionNegotiation? _negotiation;
    private PeerDefinition? _definition;
    private bool _isDisposed;

    public BgpNeighbor(BgpSpeaker speaker, BgpNeighborIntent intent, BgpPeer peer)
    {
        _speaker = speaker;
        Intent = intent;
        Peer = peer;
        _membershipTimer = new LoopTimer(speaker.Plane.Loop, MembershipsKnown);
        _forgetTimer = new LoopTimer(speaker.Plane.Loop, () => speaker.ForgetIfIdle(this));
    }

    public BgpNeighborIntent Intent { get; private set; }

    public BgpPeer Peer { get; }

    /// <summary>Its number in the routing core: while established, and while stale routes of it are kept.</summary>
    public PeerId? Id { get; private set; }

    public bool IsConnected => _connections.Count > 0;

    /// <summary>Has a connection, or routes that are kept for it; one that has neither may still have to rest.</summary>
    public bool IsPresent => IsConnected || Peer.HasStaleRoutes;

    public bool IsEstablished => Peer.State == SessionState.Established;

    /// <summary>That of the established session.</summary>
    public BgpConnection EstablishedConnection => _connections[Peer.EstablishedConnectionId!.Value];

    /// <summary>Since when its routes are held back, as it does not read what it was sent before; null while it reads.</summary>
    public DateTimeOffset? BlockedSince { get; private set; }

    private RoutingCore Core => _speaker.Plane.Core;

    public void Handle(PeerEvent happened)
    {
        if (!_isDisposed)
        {
            Peer.Handle(happened, this);
            _speaker.Plane.Changed();
        }
    }

    /// <summary>Takes what a running session can go on under.</summary>
    public void Reconfigure(BgpNeighborIntent intent)
    {
        Intent = intent;
        Peer.Reconfigure(_speaker.OptionsOf(intent.Settings), this);
        HoldAgainstLimits();
        TakeRules();
        _speaker.ForgetLater(this);
    }

    /// <summary>The session ends and begins anew as the intent says; what the neighbour has said is kept where both support that (RFC 8538).</summary>
    public void Renew(BgpNeighborIntent intent)
    {
        Intent = intent;
        Peer.Renew(_speaker.OptionsOf(intent.Settings), this);
        TakeRules();
        _speaker.Plane.Changed();
        _speaker.ForgetLater(this);
    }

    /// <summary>The session goes on under the rules for routes that hold now; of a lost one, what is kept as stale.</summary>
    public void TakeRules()
    {
        if (Id is not { } id || _negotiation is not { } negotiation)
        {
            return;
        }

        var definition = PeerRules.Of(Intent, negotiation, _speaker.Policies);
        if (definition != _definition)
        {
            _definition = definition;
            if (Core.Redefine(id, definition))
            {
                TellRejudged();
            }

            _speaker.Plane.Changed();
        }
    }

    public BgpConnection Accept(IConnection connection)
    {
        var accepted = new BgpConnection(this, Peer.NextConnectionId(), isAccepted: true);
        accepted.Attach(connection, _speaker.Plane.Loop);
        _connections.Add(accepted.Id, accepted);
        return accepted;
    }

    public int Receive(int connectionId, ReadOnlySpan<byte> bytes)
    {
        if (_isDisposed)
        {
            return bytes.Length;
        }

        try
        {
            return Take(connectionId, bytes);
        }
        catch (Exception exception)
        {
            // The bytes would come again with the next ones, and fail again: the session ends, and the loop says what was wrong.
            Handle(new PeerEvent.OwnFault(connectionId, exception.Message));
            throw;
        }
    }

    /// <param name="hasNotRead">This side has given it up, since the far end does not read (RFC 9687).</param>
    public void Closed(int connectionId, string reason, bool hasNotRead)
    {
        if (_connections.Remove(connectionId))
        {
            Handle(hasNotRead ? new PeerEvent.SendHoldExpired(connectionId) : new PeerEvent.ConnectionClosed(connectionId, reason));
        }

        // Also when this side has closed it, after a NOTIFICATION of either.
        _speaker.ForgetIfIdle(this);
    }

    /// <summary>It may be forgotten then, if it has no session by that time.</summary>
    public void ForgetAfter(TimeSpan time) => _forgetTimer.Set(time);

    public void SetBlocked(bool blocked)
    {
        BlockedSince = blocked ? _speaker.Plane.Loop.Time.GetUtcNow() : null;
        MayBeTold();
    }

    /// <summary>Routes go to the neighbour while it reads, and not before the control node's own restart allows.</summary>
    public void MayBeTold()
    {
        if (Id is { } id)
        {
            Core.SetBlocked(id, BlockedSince is not null || !_speaker.Gate.SpeakersMayBeTold);
            _speaker.Plane.Changed();
        }
    }

    public void SendUpdates(OutputRun updates, int messages)
    {
        if (Peer.CountUpdatesSent(messages) is { } id && _connections.TryGetValue(id, out var connection))
        {
            connection.Send(updates);
            foreach (var observer in _speaker.Observers)
            {
                observer.UpdatesSent(this, updates);
            }
        }
    }

    /// <summary>Marks where the routes begin and end that the neighbour has asked for again (RFC 7313).</summary>
    public void SendRefreshMark(AddressFamily family, RouteRefreshSubtype subtype) => Peer.SendRouteRefresh(family, subtype, this);

    /// <summary>The session ends and begins anew.</summary>
    /// <param name="message">What the neighbour is told (RFC 9003).</param>
    public void Reset(string? message)
    {
        Handle(new PeerEvent.Reset(message));
        _speaker.ForgetLater(this);
    }

    /// <summary>Asks the neighbour for its routes of a family again (RFC 2918); it may not know how.</summary>
    public void AskAgain(AddressFamily family) => Peer.SendRouteRefresh(family, RouteRefreshSubtype.Request, this);

    /// <summary>Tells the neighbour its routes of a family again, between marks where it knows those (RFC 7313).</summary>
    public void TellAgain(AddressFamily family)
    {
        if (Id is { } id)
        {
            Core.Refresh(id, family, Peer.Negotiation is { EnhancedRouteRefresh: true });
            _speaker.Plane.Changed();
        }
    }

    public void Dispose()
    {
        // Connections that close later have nothing more to say.
        _isDisposed = true;
        foreach (var connection in _connections.Values)
        {
            connection.Close();
        }

        _connections.Clear();
        foreach (var timer in _timers.Values)
        {
            timer.Dispose();
        }

        _membershipTimer.Dispose();
        _forgetTimer.Dispose();
        RemoveFromCore();
    }

    void IBgpPeerEffects.OpenConnection(int connectionId)
    {
        var opening = new BgpConnection(this, connectionId, isAccepted: false);
        _connections.Add(connectionId, opening);
        opening.Attach(_speaker.Connect(this, opening), _speaker.Plane.Loop);
    }

    void IBgpPeerEffects.CloseConnection(int connectionId)
    {
        if (_connections.Remove(connectionId, out var connection))
        {
            connection.Close();
        }
    }

    void IBgpPeerEffects.Send(int connectionId, ReadOnlySpan<byte> bytes)
    {
        if (_connections.TryGetValue(connectionId, out var connection))
        {
            connection.Send(bytes);
        }
    }

    void IBgpPeerEffects.SetTimer(PeerTimer timer, TimeSpan due)
    {
        if (!_timers.TryGetValue(timer, out var running))
        {
            _timers.Add(timer, running = new LoopTimer(_speaker.Plane.Loop, () => Fired(timer)));
        }

        running.Set(due);
    }

    void IBgpPeerEffects.CancelTimer(PeerTimer timer)
    {
        if (!_timers.TryGetValue(timer, out var running))
        {
            return;
        }

        // A connection's timers end with it; the peer's own are used again.
        if (timer.ConnectionId != 0 && _timers.Remove(timer))
        {
            running.Dispose();
        }
        else
        {
            running.Cancel();
        }
    }

    private int Take(int connectionId, ReadOnlySpan<byte> bytes)
    {
        var consumed = Peer.Receive(connectionId, bytes, this);
        HoldAgainstLimits();
        _speaker.Plane.Changed();
        return consumed;
    }

    private void Fired(PeerTimer timer)
    {
        Handle(new PeerEvent.TimerFired(timer));
        if (timer.Kind == PeerTimerKind.PrefixLimit)
        {
            _speaker.ForgetLater(this);
        }
    }

    // Once for all UPDATEs of a read: what a neighbour can say too much is bounded by the size of that. What it may say again after a restart is as
    // much as before it; what is kept from before may be no more.
    private void HoldAgainstLimits()
    {
        foreach (var limit in Peer.Options.PrefixLimits)
        {
            if (Id is { } id && IsEstablished)
            {
                var counts = Core.CountsOf(id, limit.Family);
                Peer.PrefixCountChanged(limit.Family, (uint)Math.Max(counts.Received - counts.Stale, counts.Stale), this);
            }
        }
    }

    private void RemoveFromCore()
    {
        if (Id is { } id)
        {
            Id = null;
            _speaker.Leave(id);
            Core.Remove(id);
            _speaker.Plane.Changed();
        }
    }
}
