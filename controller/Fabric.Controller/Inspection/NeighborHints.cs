using Fabric.Bgp;
using Fabric.Controller.Bgp;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Inspection;

/// <summary>What an operator may look at, or do, where a neighbour has no session: by how the last one, or the last attempt, ended.</summary>
internal static class NeighborHints
{
    public static string Of(BgpNeighbor neighbor)
    {
        var (intent, peer) = (neighbor.Intent, neighbor.Peer);
        return intent.Settings.AdminDown ? "admin-down is set in its bgp-router object, or in the options file"
            : peer.IsOverPrefixLimit ? OverLimit(intent.Name, peer.Options.PrefixLimitRestart)
            : peer.LastEnd is { Notification.Cause: var cause, NotificationSent: var isSent }
            && (isSent ? Sent(cause, peer.Options) : Received(cause, peer.Options)) is { } hint
                ? hint
            : peer.Options.IsPassive
                ? $"it is waited for, since it is passive: does it connect to this node, as AS {peer.Options.PresentedAs}?"
            : $"is a BGP speaker listening at {intent.Address}:{intent.Settings.Port}, with this node as its neighbour in AS {peer.Options.PresentedAs}?";
    }

    private static string OverLimit(string name, TimeSpan? restart) =>
        restart is { } time
            ? $"it is tried again {time.TotalSeconds:0} s after its end; raise max-prefixes, or have it send less"
            : $"raise max-prefixes, or have it send less and let it back: fabric bgp clear {name}";

    private static string? Sent((NotificationCode Code, byte Subcode) cause, BgpPeerOptions options) =>
        cause switch
        {
            (NotificationCode.OpenMessageError, (byte)OpenErrorSubcode.BadPeerAs) =>
                $"it says that it is in another AS than {options.PeerAs}, which is configured here",
            (NotificationCode.OpenMessageError, (byte)OpenErrorSubcode.UnsupportedCapability) => NoCommonFamily(options),
            (NotificationCode.FiniteStateMachineError, 0) => "this is a fault of this node: its log has more, report it",
            _ => null,
        };

    private static string? Received((NotificationCode Code, byte Subcode) cause, BgpPeerOptions options) =>
        cause switch
        {
            (NotificationCode.Cease, (byte)CeaseSubcode.AdministrativeShutdown) => "its operator has shut the session down there",
            (NotificationCode.Cease, (byte)CeaseSubcode.PeerDeconfigured) => "its operator has taken this node out of its configuration",
            (NotificationCode.Cease, (byte)CeaseSubcode.MaximumPrefixesReached) =>
                "this node sends it more prefixes than it takes: raise its limit there, or export less to it",
            (NotificationCode.OpenMessageError, (byte)OpenErrorSubcode.BadPeerAs) =>
                $"it expects another AS than {options.PresentedAs}, which this node says that it is in",
            (NotificationCode.OpenMessageError, (byte)OpenErrorSubcode.UnsupportedCapability) => NoCommonFamily(options),
            _ => null,
        };

    private static string NoCommonFamily(BgpPeerOptions options) =>
        $"is one of {string.Join(", ", options.Families)} activated for this node there?";
}
