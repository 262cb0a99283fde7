using System.Globalization;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Intent.Graph;

/// <summary>A bgp-router with the global settings and the defaults where its own are absent.</summary>
internal static class NeighborNode
{
    public static BgpNeighborIntent? Evaluate(ConfigTables tables, ConfigKey key)
    {
        if (tables.Find<BgpRouter>(key) is not { } router)
        {
            return null;
        }

        var global = tables.Global;
        var otherwise = new BgpNeighborSettings
        {
            AsNumber = new AsNumber(router.As ?? global.As),
            LocalAsNumber = new AsNumber(global.As),
            Families = router.Families,
        };
        var settings = otherwise with
        {
            LocalAs = router.LocalAs is { } local ? new(new AsNumber(local.Number), !local.NoPrepend, local.ReplaceAs) : null,
            RouterId = router.RouterId,
            AddPath = [.. router.AddPath.Select(one => new AddPathIntent(one.Family, one.Receive, SentPaths(one.Send))).Where(IsSaid)],
            ExtendedNextHops = router.ExtendedNextHops,
            Port = router.Port,
            Passive = router.Passive,
            Tcp = new TcpIntent
            {
                Password = router.Password?.Value,
                Ttl = router.Ttl,
                SecurityHops = router.TtlSecurity,
            },
            HoldTime = router.HoldTime,
            MinimumHoldTime = router.MinHoldTime ?? otherwise.MinimumHoldTime,
            ConnectRetry = router.ConnectRetry ?? otherwise.ConnectRetry,
            Role = router.Role,
            RequiresRole = router.RoleStrict ?? otherwise.RequiresRole,
            RouteReflectorClient = router.RouteReflectorClient,
            GracefulRestart = GracefulRestart(router.GracefulRestart ?? new(), (ushort)global.GracefulRestartTime),
            MembershipWait = new(
                router.MembershipWait?.Limit ?? otherwise.MembershipWait.Limit,
                router.MembershipWait?.Quiet ?? otherwise.MembershipWait.Quiet
            ),
            PrefixLimits = [.. router.MaxPrefixes.Select(PrefixLimit).OrderBy(limit => (limit.Family.Afi, limit.Family.Safi))],
            PrefixLimitRestart = router.MaxPrefixesRestart,
            Rules = Rules(router, otherwise.Rules),
            AdminDown = router.AdminDown,
            ShutdownMessage = router.ShutdownMessage,
        };
        return new BgpNeighborIntent(router.Name, router.Address, settings, router.Description);
    }

    private static GracefulRestartIntent GracefulRestart(GracefulRestartKeys keys, ushort time)
    {
        var otherwise = new GracefulRestartIntent();
        return new(
            keys.Time ?? time,
            keys.HelperLimit ?? otherwise.HelperLimit,
            keys.LongLived is { } longLived ? LongLived(longLived) : null
        );
    }

    private static LongLivedIntent LongLived(LongLivedKeys keys) =>
        new(keys.StaleTime ?? LongLivedIntent.DefaultTime, keys.HelperLimit ?? LongLivedIntent.DefaultTime)
        {
            Families =
            [
                .. keys
                    .Families.Select(time => new FamilyStaleTime(time.Family, time.StaleTime))
                    .OrderBy(time => (time.Family.Afi, time.Family.Safi)),
            ],
        };

    private static PrefixLimitIntent PrefixLimit(PrefixLimitKeys keys) =>
        new(keys.Family, keys.Limit, keys.Warning ?? PrefixLimitIntent.DefaultWarning);

    private static BgpRouteRules Rules(BgpRouter router, BgpRouteRules otherwise) =>
        new()
        {
            NextHop = router.NextHop ?? otherwise.NextHop,
            OverridesAs = router.AsOverride ?? otherwise.OverridesAs,
            AllowedOwnAs = router.AllowOwnAs ?? otherwise.AllowedOwnAs,
            PrivateAsRemoval = router.PrivateAs ?? otherwise.PrivateAsRemoval,
            SentCommunities = router.SendCommunities.IsEmpty
                ? otherwise.SentCommunities
                : router.SendCommunities.Aggregate(CommunityKinds.None, (all, kind) => all | kind),
            TunnelEncapsulation = router.TunnelEncapsulation ?? otherwise.TunnelEncapsulation,
            EnforcesFirstAs = router.EnforceFirstAs ?? otherwise.EnforcesFirstAs,
            MaxAsPathLength = router.MaxAsPath,
            HonorsGracefulShutdown = router.GracefulShutdown?.Honor ?? otherwise.HonorsGracefulShutdown,
            IsShuttingDownGracefully = router.GracefulShutdown?.Announce ?? otherwise.IsShuttingDownGracefully,
            PassesMultiExitDisc = router.PassMed ?? otherwise.PassesMultiExitDisc,
            ChecksLoopsOnSending = router.SenderLoopCheck ?? otherwise.ChecksLoopsOnSending,
            RequiresPolicy = router.RequiresPolicy,
            ImportPolicies = router.ImportPolicy,
            ExportPolicies = router.ExportPolicy,
        };

    private static bool IsSaid(AddPathIntent intent) => intent.Receives || intent.Sends;

    private static ushort SentPaths(string send) =>
        send switch
        {
            "all" => AddPathIntent.AllPaths,
            "none" => 0,
            _ => ushort.Parse(send, NumberStyles.None, CultureInfo.InvariantCulture),
        };
}
