using System.Text.Json;

namespace Fabric.Cli.Output;

/// <summary>Tells which flows of a data plane's answer were not in the one before: new entries, and entries with another verdict.</summary>
internal sealed class FlowFollower
{
    private HashSet<string> _known = [];

    public IReadOnlyList<JsonElement> News(IEnumerable<JsonElement> flows)
    {
        var present = flows.ToDictionary(Identity);
        var news = present.Where(entry => !_known.Contains(entry.Key)).Select(entry => entry.Value).ToList();
        _known = [.. present.Keys];
        return news;
    }

    // An index is used again once its flow has gone.
    private static string Identity(JsonElement flow) =>
        string.Join(
            ' ',
            (
                (ReadOnlySpan<string>)
                    ["index", "vrf", "protocol", "source", "source-port", "destination", "destination-port", "action", "reason", "rule"]
            )
                .ToArray()
                .Select(name => flow.Text(name))
        );
}
