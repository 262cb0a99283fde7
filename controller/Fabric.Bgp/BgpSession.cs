using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>
/// The finite state machine of one connection (RFC 4271 section 8), from its opening; what happens without a connection is the peer's.
/// <code>
/// Connect --opened--> OpenSent --OPEN--> OpenConfirm --KEEPALIVE--> Established
///    |                   |                   |                          |
///    +-------------------+---- error, timer, close ---------------------+--> ended
/// </code>
/// </summary>
internal sealed class BgpSession(BgpPeer peer, int id, bool isOutgoing)
{
    // RFC 4271 section 8.2.2 suggests four minutes for the OPEN.
    private static readonly TimeSpan OpenHoldTime = TimeSpan.FromMinutes(4);

    private UpdateDecoder? _decoder;
    private UpdateContext? _context;

    public int Id { get; } = id;

    public bool IsOutgoing { get; } = isOutgoing;

    public SessionState State { get; private set; } = SessionState.Connect;

    public bool IsEnded { get; private set; }

    public SessionNegotiation? Negotiation { get; private set; }

    public ReadOnlyMemory<byte> SentOpen { get; private set; }

    public ReadOnlyMemory<byte> ReceivedOpen { get; private set; }

    /// <summary>Of which nothing is heard any more (RFC 7606 section 2).</summary>
    public EquatableArray<AddressFamily> DisabledFamilies { get; private set; } = [];

    private PeerTimer HoldTimer => new(PeerTimerKind.Hold, Id);

    private PeerTimer KeepaliveTimer => new(PeerTimerKind.Keepalive, Id);

    public void Opened(IBgpPeerEffects effects)
    {
        State = SessionState.OpenSent;
        effects.SetTimer(HoldTimer, OpenHoldTime);
        Span<byte> buffer = stackalloc byte[MessageFrame.MaxBytes];
        var open = buffer[..peer.CreateOpen().Encode(buffer)];
        SentOpen = open.ToArray();
        Send(open, MessageType.Open, effects);
    }

    /// <summary>Takes all whole messages and returns how many bytes they have.</summary>
    public int Receive(ReadOnlySpan<byte> bytes, IBgpPeerEffects effects)
    {
        var consumed = 0;
        while (!IsEnded)
        {
            var frame = MessageFrame.Read(bytes[consumed..], Negotiation?.ExtendedMessages == true);
            if (frame.Status == FrameStatus.Error)
            {
                Fail(frame.Error!, null, effects);
                break;
            }

            if (frame.Status == FrameStatus.NeedMore)
            {
                break;
            }

            peer.Counters.CountReceived(frame.Type);
            Handle(frame, bytes.Slice(consumed, frame.TotalBytes), effects);
            consumed += frame.TotalBytes;
        }

        // Once for all messages of a read: the timer is coarse against that.
        if (!IsEnded && consumed > 0 && Negotiation is { } negotiation && negotiation.HoldTime > TimeSpan.Zero)
        {
            effects.SetTimer(HoldTimer, negotiation.HoldTime);
        }

        return IsEnded ? bytes.Length : consumed;
    }

    public void TimerFired(PeerTimerKind kind, IBgpPeerEffects effects)
    {
        if (kind == PeerTimerKind.Hold)
        {
            Fail(NotificationMessage.HoldTimerExpired, null, effects);
        }
        else if (kind == PeerTimerKind.Keepalive)
        {
            SendKeepalive(effects);
        }
    }

    public void Send(ReadOnlySpan<byte> message, MessageType type, IBgpPeerEffects effects)
    {
        peer.Counters.CountSent(type);
        effects.Send(Id, message);
    }

    /// <summary>Tells the peer and ends.</summary>
    public void Fail(NotificationMessage notification, string? detail, IBgpPeerEffects effects)
    {
        // Before our OPEN nobody listens (RFC 4271 section 6.8 closes such a connection silently).
        if (State > SessionState.Connect)
        {
            var bytes = new byte[notification.TotalBytes];
            notification.Encode(bytes);
            Send(bytes, MessageType.Notification, effects);
        }

        End(SessionEnd.Sent(notification, detail), effects);
    }

    /// <summary>Ends without a word.</summary>
    public void End(SessionEnd end, IBgpPeerEffects effects)
    {
        IsEnded = true;
        effects.CancelTimer(HoldTimer);
        effects.CancelTimer(KeepaliveTimer);
        effects.CloseConnection(Id);
        peer.SessionEnded(this, end, effects);
    }

    private void Handle(in MessageFrame frame, ReadOnlySpan<byte> message, IBgpPeerEffects effects)
    {
        switch (State, frame.Type)
        {
            case (_, MessageType.Notification):
                End(SessionEnd.Received(NotificationMessage.Decode(frame.Body)), effects);
                break;
            case (SessionState.OpenSent, MessageType.Open):
                HandleOpen(frame.Body, effects);
                break;
            case (SessionState.OpenConfirm, MessageType.Keepalive):
                State = SessionState.Established;
                if (Negotiation!.HoldTime == TimeSpan.Zero)
                {
                    effects.CancelTimer(HoldTimer);
                }

                peer.SessionEstablished(this, effects);
                break;
            case (SessionState.Established, MessageType.Keepalive):
                break;
            case (SessionState.Established, MessageType.Update):
                effects.UpdateArrived(message);
                HandleUpdate(frame.Body, effects);
                break;
            case (SessionState.Established, MessageType.RouteRefresh):
                HandleRouteRefresh(frame.Body, effects);
                break;
            default:
                Fail(NotificationMessage.StateError(Unexpected(State), frame.Type), $"got {frame.Type}", effects);
                break;
        }
    }

    private void HandleOpen(ReadOnlySpan<byte> body, IBgpPeerEffects effects)
    {
        if (
            !OpenMessage.TryDecode(body, out var open, out var error)
            || !SessionNegotiation.TryNegotiate(peer.Options, open, out var negotiation, out error)
        )
        {
            Fail(error, null, effects);
            return;
        }

        if (!peer.ResolveCollision(this, negotiation, effects))
        {
            Fail(NotificationMessage.Cease(CeaseSubcode.ConnectionCollisionResolution), null, effects);
            return;
        }

        var received = new byte[MessageFrame.HeaderBytes + body.Length];
        MessageFrame.WriteHeader(received, MessageType.Open, received.Length);
        body.CopyTo(received.AsSpan(MessageFrame.HeaderBytes));
        ReceivedOpen = received;
        Negotiation = negotiation;
        _context = negotiation.UpdateContext;
        _decoder = new UpdateDecoder(peer.Interner, _context);
        State = SessionState.OpenConfirm;

        // With a hold time of zero the time for the OPEN goes on: RFC 4271 section 8.2.2 would wait for this KEEPALIVE without an end.
        SendKeepalive(effects);
    }

    private void HandleUpdate(ReadOnlySpan<byte> body, IBgpPeerEffects effects)
    {
        var update = _decoder!.Decode(body);
        if (update.Fault is { } fault)
        {
            effects.UpdateFaulted(fault);
            if (fault.Fault == AttributeFault.ResetSession)
            {
                Fail(fault.Notification!, fault.ToString(), effects);
                return;
            }

            if (fault is { Fault: AttributeFault.DisableFamily, Family: { } family })
            {
                // What the message withdraws of other families is withdrawn: the peer believes it is.
                Disable(family, fault.ToString(), effects);
            }
        }

        if (update.EndOfRib is { } complete)
        {
            peer.EndOfRibReceived(complete, effects);
            return;
        }

        effects.UpdateReceived(update);
    }

    private void Disable(AddressFamily family, string reason, IBgpPeerEffects effects)
    {
        _context = _context! with { Families = [.. _context.Families.Where(f => f != family)] };
        _decoder = new UpdateDecoder(peer.Interner, _context);
        DisabledFamilies = [.. DisabledFamilies, family];
        peer.FamilyDisabled(family, reason, effects);
    }

    // RFC 7313 section 5: unknown subtypes are ignored, as are marks where those were not agreed on; a mark has four bytes.
    private void HandleRouteRefresh(ReadOnlySpan<byte> body, IBgpPeerEffects effects)
    {
        if (!RouteRefreshMessage.TryDecode(body, out var message))
        {
            HandleShortRouteRefresh(body, effects);
            return;
        }

        var isRequest = message.Subtype == RouteRefreshSubtype.Request;
        if (!isRequest && (!Negotiation!.EnhancedRouteRefresh || message.Subtype > RouteRefreshSubtype.End))
        {
            return;
        }

        if (!isRequest && MessageFrame.HeaderBytes + body.Length != RouteRefreshMessage.TotalBytes)
        {
            Fail(NotificationMessage.RouteRefreshLength(body), null, effects);
        }
        else if (isRequest && _context!.Allows(message.Family))
        {
            effects.RouteRefreshRequested(message.Family);
        }
        else if (_context!.Allows(message.Family))
        {
            peer.RefreshMarked(message, Negotiation!, effects);
        }
    }

    // RFC 7313 section 5 has an error of its own for a wrong length, and passes over an unknown subtype, where that can be read at all;
    // a peer that does not know that RFC hears that the header is wrong (RFC 4271 section 6.1).
    private void HandleShortRouteRefresh(ReadOnlySpan<byte> body, IBgpPeerEffects effects)
    {
        const int Subtype = 2;
        if (!Negotiation!.EnhancedRouteRefresh)
        {
            Fail(NotificationMessage.BadMessageLength((ushort)(MessageFrame.HeaderBytes + body.Length)), null, effects);
        }
        else if (body.Length <= Subtype || body[Subtype] <= (byte)RouteRefreshSubtype.End)
        {
            Fail(NotificationMessage.RouteRefreshLength(body), null, effects);
        }
    }

    private void SendKeepalive(IBgpPeerEffects effects)
    {
        Send(KeepaliveMessage.Bytes, MessageType.Keepalive, effects);
        if (Negotiation is { } negotiation && negotiation.HoldTime > TimeSpan.Zero)
        {
            effects.SetTimer(KeepaliveTimer, peer.Jitter(negotiation.KeepaliveInterval));
        }
    }

    private static StateErrorSubcode Unexpected(SessionState state) =>
        state switch
        {
            SessionState.OpenConfirm => StateErrorSubcode.OpenConfirm,
            SessionState.Established => StateErrorSubcode.Established,
            _ => StateErrorSubcode.OpenSent,
        };
}
