using System.Globalization;
using System.Text.Json;
using Fabric.Analytics;

namespace Fabric.Cli.Output;

/// <summary>A row of the stream in one line: when, at which node, and what, in words.</summary>
internal static class StreamLine
{
    public static string Of(Topic topic, JsonElement row)
    {
        var envelope = row.At("envelope") ?? default;
        return $"{Time(envelope.Text("time"))}  {envelope.Text("node")}  {Words(topic, row)}";
    }

    private static string Words(Topic topic, JsonElement row) =>
        topic == Topic.Sessions ? SessionEventWords.Of(row)
        : topic == Topic.Audit ? ConfigEventWords.OfChange(row)
        : topic == Topic.Objects ? ConfigEventWords.OfState(row)
        : topic == Topic.Alarms ? AlarmWords.Of(row)
        : topic == Topic.Routes ? RouteEventWords.Of(row)
        : topic == Topic.Flows ? TrafficEventWords.OfFlow(row)
        : TrafficEventWords.OfDrop(row);

    // Protobuf's JSON has 0, 3, 6 or 9 digits behind the point; of one width, lines can be compared and sorted.
    private static string? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var time)
            ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)
            : text;
}
