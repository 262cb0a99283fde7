using System.Globalization;
using Fabric.Controller.Monitoring;
using Fabric.Hosting.Configuration;
using Fabric.Primitives;

namespace Fabric.Controller.Options;

/// <summary>
/// The section bmp (RFC 7854).
/// <code>
/// bmp:
///   statistics-interval: 300         # seconds; 0: none
///   stations:
///     - { name: collector1, address: 192.0.2.50, port: 11019, tables: [pre-policy, loc-rib], connect-retry: 30 }
/// </code>
/// </summary>
internal static class BmpSection
{
    private const int DefaultPort = 11019;
    private const string TableExpected = "one of pre-policy, post-policy, adj-rib-out, loc-rib";
    private const string IntervalExpected = "seconds from 0 (none) to 86400";
    private const int MaxIntervalSeconds = 86_400;

    private static readonly TimeSpan s_statisticsInterval = TimeSpan.FromMinutes(5);

    // RFC 7854 section 3.2.
    private static readonly TimeSpan s_connectRetry = TimeSpan.FromSeconds(30);

    /// <summary>Null where the file has none.</summary>
    public static BmpOptions? Read(OptionsFile file)
    {
        if (file.Section("bmp") is not { } section)
        {
            return null;
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var interval = section.Optional<TimeSpan>("statistics-interval", Interval, IntervalExpected, s_statisticsInterval);
        var stations = new List<BmpStationOptions>();
        foreach (var one in section.Sections("stations"))
        {
            var station = Station(one);
            stations.Add(station);
            if (station.Name is not null && !names.Add(station.Name))
            {
                one.Reject("name", $"there is another station '{station.Name}'");
            }
        }

        return new BmpOptions(interval, [.. stations]);
    }

    private static BmpStationOptions Station(OptionsFile section)
    {
        var tables = section.List<BmpTables>("tables", Table, TableExpected).Aggregate(BmpTables.None, static (all, one) => all | one);
        return new(
            section.Required<string>("name", BgpOptionValues.Name, BgpOptionValues.NameExpected),
            section.Required<IpAddress>("address", IpAddress.TryParse, "an IP address of the station"),
            section.Optional<int>("port", OptionValues.Port, OptionValues.PortExpected, DefaultPort),
            tables == BmpTables.None ? BmpTables.PrePolicy : tables,
            section.Optional<TimeSpan>("connect-retry", OptionValues.Seconds, OptionValues.SecondsExpected, s_connectRetry)
        );
    }

    private static bool Table(string text, out BmpTables value)
    {
        value = text switch
        {
            "pre-policy" => BmpTables.PrePolicy,
            "post-policy" => BmpTables.PostPolicy,
            "adj-rib-out" => BmpTables.AdjRibOut,
            "loc-rib" => BmpTables.LocRib,
            _ => BmpTables.None,
        };
        return value != BmpTables.None;
    }

    private static bool Interval(string text, out TimeSpan value)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        value = TimeSpan.FromSeconds(isNumber ? seconds : 0);
        return isNumber && seconds <= MaxIntervalSeconds;
    }
}
