using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fabric.Analytics.Json;
using Google.Protobuf;

namespace Fabric.Analytics.Tests;

/// <summary>docs/stream.md has a row of each topic, and each is one.</summary>
[TestFixture]
public sealed partial class SampleTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "stream.md"));

    public static IEnumerable<string> Topics => Topic.All.Select(topic => topic.Name);

    [TestCaseSource(nameof(Topics))]
    public void A_topics_sample_is_a_row_of_it(string name)
    {
        var topic = Topic.Find(name)!;
        var sample = Samples().Single(match => match.Groups["topic"].Value == name).Groups["row"].Value;

        var row = JsonParser.Default.Parse(sample, topic.Message);

        Assert.That(
            JsonNode.DeepEquals(JsonNode.Parse(EventJson.Format(row)), JsonNode.Parse(sample)),
            $"it would be written as {EventJson.Format(row)}"
        );
    }

    private static IEnumerable<Match> Samples() => Sample().Matches(Document);

    [GeneratedRegex("^```json (?<topic>[a-z.]+)\n(?<row>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Sample();
}
