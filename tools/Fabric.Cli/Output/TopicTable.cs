using System.Globalization;
using System.Text.Json;
using Fabric.Analytics;

namespace Fabric.Cli.Output;

/// <summary>The topics of the stream, as schemas/analytics/topics.json defines them.</summary>
internal static class TopicTable
{
    private static readonly Dictionary<Topic, string> s_contents = new()
    {
        [Topic.Flows] = "start, updates and end of sessions: traffic both ways, rule, NAT",
        [Topic.Drops] = "sampled packets that were not forwarded, with the reason",
        [Topic.Routes] = "routes added, changed and withdrawn, per VRF and peer",
        [Topic.Sessions] = "BGP and XMPP sessions that changed state, with the reason",
        [Topic.Objects] = "latest state of every object and node",
        [Topic.Alarms] = "alarms raised and cleared, with the next step",
        [Topic.Audit] = "each API change: who, what, before, after",
    };

    public static TextTable ForPeople()
    {
        var table = new TextTable("TOPIC", "PARTITIONS", "KEEPS", "MESSAGE", "CARRIES");
        foreach (var topic in Topic.All)
        {
            table.Row(topic.Name, topic.Partitions, Keeps(topic), topic.Message.Name, s_contents[topic]);
        }

        return table;
    }

    public static JsonElement ForPrograms() =>
        JsonSerializer.SerializeToElement(
            new Dictionary<string, object>
            {
                ["topics"] = Topic.All.Select(topic => new Dictionary<string, object>
                {
                    ["name"] = topic.Name,
                    ["message"] = topic.Message.Name,
                    ["partitions"] = topic.Partitions,
                    ["config"] = topic.Config,
                }),
            }
        );

    private static string Keeps(Topic topic) =>
        topic.Config.TryGetValue("retention.ms", out var milliseconds)
            ? Count.Of((int)TimeSpan.FromMilliseconds(double.Parse(milliseconds, CultureInfo.InvariantCulture)).TotalDays, "day")
            : "latest of each key";
}
