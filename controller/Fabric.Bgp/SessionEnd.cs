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
    public static SessionEnd Lost(string reason) => new(reason, null, NotificationSent: false);

    public static SessionEnd Received(NotificationMessage notification) => new($"received {notification}", notification, false);

    /// <summary>An error of which the far end can't hear.</summary>
    public static SessionEnd Untold(NotificationMessage notification) => new($"{notification}", notification, NotificationSent: false);

    public static SessionEnd Sent(NotificationMessage notification, string? detail = null) =>
        new(detail is null ? $"sent {notification}" : $"sent {notification} ({detail})", notification, NotificationSent: true);
}
