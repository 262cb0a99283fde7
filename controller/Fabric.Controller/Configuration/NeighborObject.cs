using System.Globalization;
using Fabric.Intent;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Controller.Configuration;

/// <summary>A neighbour of the options file as the object that would say the same, but for its password, which is not shown.</summary>
internal static class NeighborObject
{
    private static readonly CommunityKinds[] s_kinds = [CommunityKinds.Standard, CommunityKinds.Extended, CommunityKinds.Large];

    public static BgpRouter Of(BgpNeighborIntent neighbor)
    {
        var (settings, rules) = (neighbor.Settings, neighbor.Settings.Rules);
        return new BgpRouter(
            neighbor.Name,
            neighbor.Address,
            settings.AsNumber.Value,
            settings.RouterId,
            settings.Families,
            settings.Port,
            settings.Passive,
            settings.HoldTime,
            settings.RouteReflectorClient,
            neighbor.Description,
            settings.AdminDown,
            settings.ShutdownMessage,
            BgpRouter.FileOrigin
        )
        {
            AddPath = [.. settings.AddPath.Select(one => new AddPathKeys(one.Family, one.Receives, Word(one.SentPaths)))],
            ExtendedNextHops = settings.ExtendedNextHops,
            MinHoldTime = settings.MinimumHoldTime == 0 ? null : settings.MinimumHoldTime,
            ConnectRetry = settings.ConnectRetry,
            LocalAs = settings.LocalAs is { } local ? new(local.Number.Value, !local.Prepends, local.Replaces) : null,
            Role = settings.Role,
            RoleStrict = settings.RequiresRole,
            GracefulRestart = GracefulRestart(settings.GracefulRestart),
            MaxPrefixes = [.. settings.PrefixLimits.Select(limit => new PrefixLimitKeys(limit.Family, limit.Limit, limit.WarningPercent))],
            MaxPrefixesRestart = settings.PrefixLimitRestart,
            MembershipWait = new(settings.MembershipWait.Limit, settings.MembershipWait.Quiet),
            TtlSecurity = settings.Tcp.SecurityHops,
            Ttl = settings.Tcp.Ttl,
            ImportPolicy = rules.ImportPolicies,
            ExportPolicy = rules.ExportPolicies,
            RequiresPolicy = rules.RequiresPolicy,
            NextHop = rules.NextHop,
            AsOverride = rules.OverridesAs,
            AllowOwnAs = rules.AllowedOwnAs,
            PrivateAs = rules.PrivateAsRemoval,
            SendCommunities = [.. s_kinds.Where(kind => rules.SentCommunities.HasFlag(kind))],
            TunnelEncapsulation = rules.TunnelEncapsulation,
            EnforceFirstAs = rules.EnforcesFirstAs,
            MaxAsPath = rules.MaxAsPathLength,
            GracefulShutdown = new(rules.HonorsGracefulShutdown, rules.IsShuttingDownGracefully),
            PassMed = rules.PassesMultiExitDisc,
            SenderLoopCheck = rules.ChecksLoopsOnSending,
        };
    }

    private static GracefulRestartKeys GracefulRestart(GracefulRestartIntent intent) =>
        new(intent.Time, intent.HelperLimit, intent.LongLived is { } longLived ? LongLived(longLived) : null);

    private static LongLivedKeys LongLived(LongLivedIntent intent) =>
        new(
            intent.StaleTime,
            intent.HelperLimit,
            [.. intent.Families.Select(time => new FamilyStaleTimeKeys(time.Family, time.StaleTime))]
        );

    private static string Word(ushort sentPaths) =>
        sentPaths switch
        {
            0 => "none",
            AddPathIntent.AllPaths => "all",
            _ => sentPaths.ToString(CultureInfo.InvariantCulture),
        };
}
