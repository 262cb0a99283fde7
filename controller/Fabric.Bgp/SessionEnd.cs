using Fabric.Primitives;
using Fabric.Wire.Bgp;

namespace Fabric.Bgp;

/// <summary>
/// Why a session is over. Routes of <see cref="StaleFamilies"/> are kept and marked stale until <see cref="IBgpPeerEffects.StaleExpired"/>;
/// those of other families are to be removed now.
/// </summary>
public sealed record SessionEnd(
    string Reason,
    NotificationMessage? Notification,
    bool NotificationSent,
    EquatableArray<AddressFamily> StaleFamilies = default
)
{
    // RFC 4271 section 8.1.4, RFC 9687 section 4.
    private const ushort TcpConnectionConfirmed = 17;
    private const ushort SendHoldTimerExpires = 29;

    /// <summary>The event of the state machine by which this side has ended the session without a word; null: it was told, or the far end did.</summary>
    public ushort? SilentEvent { get; private init; }

    /// <summary>The far end, which knows graceful restart, has opened another session (RFC 4724 section 4.2).</summary>
    public static SessionEnd BegunAnew { get; } = Lost("the peer has begun anew") with { SilentEvent = TcpConnectionConfirmed };

    public static SessionEnd Lost(string reason) => new(reason, null, NotificationSent: false);

    public static SessionEnd Received(NotificationMessage notification) => new($"received {notification}", notification, false);

    /// <summary>The far end reads nothing any more, and can't hear of it (RFC 9687).</summary>
    public static SessionEnd NotRead { get; } =
        new($"{NotificationMessage.SendHoldTimerExpired}", NotificationMessage.SendHoldTimerExpired, NotificationSent: false)
        {
            SilentEvent = SendHoldTimerExpires,
        };

    public static SessionEnd Sent(NotificationMessage notification, string? detail = null) =>
        new(detail is null ? $"sent {notification}" : $"sent {notification} ({detail})", notification, NotificationSent: true);
}
