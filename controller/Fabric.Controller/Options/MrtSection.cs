using System.Globalization;
using Fabric.Controller.Monitoring;
using Fabric.Hosting.Configuration;

namespace Fabric.Controller.Options;

/// <summary>
/// The section mrt (RFC 6396).
/// <code>
/// mrt: { folder: /var/lib/fabric/mrt, dump-interval: 7200, update-log: true, keep-files: 84 }
/// </code>
/// </summary>
internal static class MrtSection
{
    private const int MaxIntervalSeconds = 86_400;

    // A week of dumps, at the default interval.
    private const int KeptFiles = 84;

    private static readonly Numbers<int> s_keptFiles = new(0, 100_000, "files");
    private static readonly TimeSpan s_dumpInterval = TimeSpan.FromHours(2);

    /// <summary>Null where the file has none.</summary>
    public static MrtOptions? Read(OptionsFile file) =>
        file.Section("mrt") is not { } section
            ? null
            : new MrtOptions(
                section.Required<string>("folder", OptionValues.AbsolutePath, "an absolute path of a folder"),
                section.Optional<TimeSpan>("dump-interval", Interval, "seconds from 0 (no dumps) to 86400", s_dumpInterval),
                section.Optional<bool>("update-log", bool.TryParse, BgpOptionValues.FlagExpected, false),
                s_keptFiles.Read(section, "keep-files", KeptFiles)
            );

    private static bool Interval(string text, out TimeSpan value)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds);
        value = TimeSpan.FromSeconds(isNumber ? seconds : 0);
        return isNumber && seconds <= MaxIntervalSeconds;
    }
}
