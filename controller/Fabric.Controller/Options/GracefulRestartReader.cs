using Fabric.Hosting.Configuration;
using Fabric.Intent;
using Fabric.Primitives;

namespace Fabric.Controller.Options;

/// <summary>
/// The key graceful-restart; what is not said is inherited.
/// <code>
/// graceful-restart:
///   time: 120
///   helper-limit: 300
///   long-lived: { stale-time: 86400, helper-limit: 86400, families: { vpnv4: 3600 } }
/// </code>
/// </summary>
internal static class GracefulRestartReader
{
    private static readonly Numbers<ushort> s_time = new(0, BgpOptionValues.MaxRestartSeconds, "seconds");
    private static readonly Numbers<ushort> s_limit = new(1, BgpOptionValues.MaxRestartSeconds, "seconds");
    private static readonly Numbers<uint> s_longLived = new(1, LongLivedIntent.MaxTime, "seconds");

    public static GracefulRestartIntent Read(OptionsFile section, GracefulRestartIntent inherited) =>
        section.Section("graceful-restart") is { } restart
            ? new GracefulRestartIntent(
                s_time.Read(restart, "time", inherited.Time),
                s_limit.Read(restart, "helper-limit", inherited.HelperLimit),
                ReadLongLived(restart, inherited.LongLived)
            )
            : inherited;

    private static LongLivedIntent? ReadLongLived(OptionsFile restart, LongLivedIntent? inherited)
    {
        if (restart.Section("long-lived") is not { } longLived)
        {
            return inherited;
        }

        inherited ??= new LongLivedIntent();
        return new LongLivedIntent(
            s_longLived.Read(longLived, "stale-time", inherited.StaleTime),
            s_longLived.Read(longLived, "helper-limit", inherited.HelperLimit)
        )
        {
            Families = ReadFamilies(longLived, inherited.Families),
        };
    }

    private static EquatableArray<FamilyStaleTime> ReadFamilies(OptionsFile longLived, EquatableArray<FamilyStaleTime> inherited)
    {
        if (longLived.Section("families") is not { } families)
        {
            return inherited;
        }

        var times = inherited.ToDictionary(item => item.Family, item => item.StaleTime);
        foreach (var (name, family) in FamilyKeys.Of(families))
        {
            times[family] = s_longLived.Read(families, name, 0);
        }

        return [.. times.OrderBy(item => (item.Key.Afi, item.Key.Safi)).Select(item => new FamilyStaleTime(item.Key, item.Value))];
    }
}
