using System.Globalization;
using System.Text;
using Fabric.Model.Config;
using Fabric.Primitives;

namespace Fabric.Config.Validation;

/// <summary>The bounds of a neighbour's keys, which are those that the options file has.</summary>
internal static class NeighborKeyRules
{
    /// <summary>Of TCP-MD5 on Linux.</summary>
    private const int MaxPasswordBytes = 80;

    /// <summary>24 bits (RFC 9494 section 3.1).</summary>
    private const uint MaxStaleTime = (1 << 24) - 1;

    private const int MaxSentPaths = 255;
    private const int MaxRestartTime = 4095;

    public static void Check(BgpRouter router, ConfigReport report)
    {
        CheckNumbers(router, report);
        CheckFamilies(router, report);
        CheckContradictions(router, report);
        if (Encoding.UTF8.GetByteCount(router.Password?.Value ?? "") > MaxPasswordBytes)
        {
            report.Add(router, ".password", $"The password has more than {MaxPasswordBytes} octets.", "Shorten it.");
        }

        if (router.LocalAs is { Number: 0 or AsNumber.Trans or uint.MaxValue })
        {
            report.Add(router, ".local-as.number", "That is a reserved AS number.", "Use the one that the neighbour knows you by.");
        }
    }

    private static void CheckNumbers(BgpRouter router, ConfigReport report)
    {
        (string Key, uint? Value, uint Lowest, uint Highest)[] numbers =
        [
            (".min-hold-time", router.MinHoldTime, 3, ushort.MaxValue),
            (".connect-retry", router.ConnectRetry, 1, ushort.MaxValue),
            (".max-prefixes-restart", router.MaxPrefixesRestart, 1, ushort.MaxValue),
            (".ttl-security", router.TtlSecurity, 1, 254),
            (".ttl", router.Ttl, 1, 255),
            (".allow-own-as", router.AllowOwnAs, 0, 10),
            (".max-as-path", router.MaxAsPath, 1, ushort.MaxValue),
            (".graceful-restart.time", router.GracefulRestart?.Time, 0, MaxRestartTime),
            (".graceful-restart.helper-limit", router.GracefulRestart?.HelperLimit, 1, MaxRestartTime),
            (".graceful-restart.long-lived.stale-time", router.GracefulRestart?.LongLived?.StaleTime, 1, MaxStaleTime),
            (".graceful-restart.long-lived.helper-limit", router.GracefulRestart?.LongLived?.HelperLimit, 1, MaxStaleTime),
            (".membership-wait.limit", router.MembershipWait?.Limit, 1, ushort.MaxValue),
            (".membership-wait.quiet", router.MembershipWait?.Quiet, 1, ushort.MaxValue),
            .. router.MaxPrefixes.Select((limit, i) => ($".max-prefixes[{i}].limit", (uint?)limit.Limit, 1u, uint.MaxValue)),
            .. router.MaxPrefixes.Select((limit, i) => ($".max-prefixes[{i}].warning", (uint?)limit.Warning, 1u, 100u)),
            .. (router.GracefulRestart?.LongLived?.Families ?? []).Select(
                (time, i) => ($".graceful-restart.long-lived.families[{i}].stale-time", (uint?)time.StaleTime, 1u, MaxStaleTime)
            ),
        ];
        foreach (var (key, value, lowest, highest) in numbers)
        {
            if (value < lowest || value > highest)
            {
                report.Add(router, key, $"{value} is out of bounds.", $"Use {lowest} to {highest}.");
            }
        }
    }

    private static void CheckFamilies(BgpRouter router, ConfigReport report)
    {
        (string Key, IEnumerable<AddressFamily> Families)[] lists =
        [
            (".extended-next-hops", router.ExtendedNextHops),
            (".add-path", router.AddPath.Select(one => one.Family)),
            (".max-prefixes", router.MaxPrefixes.Select(limit => limit.Family)),
            (".graceful-restart.long-lived.families", (router.GracefulRestart?.LongLived?.Families ?? []).Select(time => time.Family)),
        ];
        foreach (var (key, families) in lists)
        {
            if (families.GroupBy(family => family).Any(same => same.Count() > 1))
            {
                report.Add(router, key, "A family stands here twice.", "Name each family once.");
            }
        }

        foreach (var family in router.ExtendedNextHops.Where(family => !family.HasIpv4Routes))
        {
            report.Add(router, ".extended-next-hops", $"{family} has no routes of IPv4.", "Leave it out.");
        }

        for (var i = 0; i < router.AddPath.Count; i++)
        {
            var (family, _, send) = router.AddPath[i];
            if (family == AddressFamily.RouteTargetMembership)
            {
                report.Add(router, $".add-path[{i}].family", "A membership has one path, whoever asks for it.", "Leave it out.");
            }

            if (send is not ("all" or "none") && !IsNumberOfPaths(send))
            {
                report.Add(router, $".add-path[{i}].send", $"'{send}' is no number of paths.", $"Use all, none, or 1 to {MaxSentPaths}.");
            }
        }
    }

    private static void CheckContradictions(BgpRouter router, ConfigReport report)
    {
        if (router.HoldTime > 0 && router.MinHoldTime > router.HoldTime)
        {
            report.Add(router, ".min-hold-time", "It is above the hold time: no session could come about.", "Lower it.");
        }

        if (router is { RoleStrict: true, Role: null })
        {
            report.Add(router, ".role-strict", "There is no role that the neighbour's could fit.", "Give the role, or leave this out.");
        }

        if (router.NextHop == NextHopRule.Self && !router.Families.Any(family => family.IsUnicast))
        {
            report.Add(
                router,
                ".next-hop",
                "None of its families can have the node's address: labels go with the next hop that gave them (RFC 8277).",
                "Leave it out, or add ipv4 or ipv6 to families."
            );
        }

        if (router is { Ttl: not null, TtlSecurity: not null })
        {
            report.Add(router, ".ttl", "It is 255 with ttl-security.", "Leave one of them out.");
        }
    }

    private static bool IsNumberOfPaths(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= MaxSentPaths;
}
