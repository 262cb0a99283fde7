using Fabric.Bgp;
using Fabric.Controller.Options;
using Fabric.Intent;
using Fabric.Wire.Bgp;

namespace Fabric.Controller.Bgp;

/// <summary>What a neighbour's settings mean for the core of its session.</summary>
internal static class SessionOptions
{
    private const ushort Ipv6 = 2;

    /// <param name="isRestarting">This node is, and has not all routes again.</param>
    public static BgpPeerOptions Of(BgpNeighborSettings settings, ControlNodeOptions node, bool isRestarting) =>
        new()
        {
            LocalAs = settings.LocalAsNumber,
            LocalAsOverride = settings.LocalAs?.Number,
            LocalIdentifier = node.RouterId,
            PeerAs = settings.AsNumber,
            Families = settings.Families,
            IsPassive = settings.Passive,
            HoldSeconds = settings.HoldTime,
            MinHoldSeconds = settings.MinimumHoldTime,
            GracefulRestart = node.RestartTime <= TimeSpan.Zero ? null : GracefulRestart(settings.GracefulRestart),
            Role = settings.Role,
            RequiresRole = settings.RequiresRole,
            AddPath = [.. settings.AddPath.Select(one => new AddPathFamily(one.Family, Modes(one)))],
            ExtendedNextHops = [.. settings.ExtendedNextHops.Select(family => new ExtendedNextHop(family, Ipv6))],
            IsRestarting = isRestarting,
            PrefixLimits = [.. settings.PrefixLimits.Select(limit => new PrefixLimit(limit.Family, limit.Limit, limit.WarningPercent))],
            PrefixLimitRestart = settings.PrefixLimitRestart is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            ConnectRetry = TimeSpan.FromSeconds(settings.ConnectRetry),
        };

    private static AddPathModes Modes(AddPathIntent intent) =>
        (intent.Receives ? AddPathModes.Receive : AddPathModes.None) | (intent.Sends ? AddPathModes.Send : AddPathModes.None);

    private static GracefulRestartOptions? GracefulRestart(GracefulRestartIntent intent) =>
        intent.Time == 0
            ? null
            : new GracefulRestartOptions
            {
                RestartSeconds = intent.Time,
                MaxPeerRestart = TimeSpan.FromSeconds(intent.HelperLimit),
                LongLived = intent.LongLived is { } longLived ? LongLived(longLived) : null,
            };

    private static LongLivedOptions LongLived(LongLivedIntent intent) =>
        new()
        {
            StaleSeconds = intent.StaleTime,
            FamilyStaleSeconds = [.. intent.Families.Select(item => (item.Family, item.StaleTime))],
            MaxPeerStale = TimeSpan.FromSeconds(intent.HelperLimit),
        };
}
