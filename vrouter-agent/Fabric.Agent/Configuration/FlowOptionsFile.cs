using System.Globalization;
using Fabric.Agent.Core;
using Fabric.Agent.Streaming;
using Fabric.Hosting.Configuration;

namespace Fabric.Agent.Configuration;

/// <summary>
/// The section "flows" of the agent's options file; all of it may be left out.
/// <code>
/// flows:
///   update-seconds: 30     # a session that goes on is reported again after so long; 0: never
///   sampling: 1            # of allowed sessions one in so many is reported, of denied ones all
///   starts: true           # false: no rows for starts of allowed sessions
///   aggregate-seconds: 0   # sessions of the same ends are summed up in a row for so long; 0: each has rows of its own
/// </code>
/// </summary>
internal static class FlowOptionsFile
{
    private const uint MaxSeconds = 86_400;
    private const uint MaxSampling = 1_000_000;

    // Beyond an update: far more than a session may be idle at the data plane.
    private static readonly TimeSpan s_sessionPatience = TimeSpan.FromHours(1);

    private static readonly FlowReporting s_default = new(UpdateSeconds: 30, Sampling: 1, Starts: true);

    public static (FlowReporting Reporting, SummaryOptions? Summaries) ReadFlows(this OptionsFile file)
    {
        if (file.Section("flows") is not { } section)
        {
            return (s_default, null);
        }

        var reporting = new FlowReporting(
            Number(section, "update-seconds", 0, MaxSeconds, s_default.UpdateSeconds),
            Number(section, "sampling", 1, MaxSampling, s_default.Sampling),
            section.Optional<bool>("starts", TryParseBoolean, "true or false", s_default.Starts)
        );
        var interval = TimeSpan.FromSeconds(Number(section, "aggregate-seconds", 0, MaxSeconds, 0));
        return (reporting, interval > TimeSpan.Zero ? Summaries(interval, reporting) : null);
    }

    private static SummaryOptions Summaries(TimeSpan interval, FlowReporting reporting) =>
        new((long)interval.TotalMicroseconds, (long)(TimeSpan.FromSeconds(reporting.UpdateSeconds) + s_sessionPatience).TotalMicroseconds);

    private static uint Number(OptionsFile section, string key, uint least, uint most, uint otherwise) =>
        section.Optional(
            key,
            (string text, out uint value) =>
                uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most,
            $"a number from {least} to {most}",
            otherwise
        );

    private static bool TryParseBoolean(string text, out bool value)
    {
        value = text == "true";
        return text is "true" or "false";
    }
}
