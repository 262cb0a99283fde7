using System.Globalization;
using System.Text.Json;

namespace Fabric.Broker;

/// <summary>The command line of fabric-broker.</summary>
public sealed record BrokerOptions(string? PortFile, string? TopicsFile, int? Partitions)
{
    public const string Usage = """
        usage: fabric-broker [--port-file FILE] [--topics FILE] [--partitions N]
        A Kafka cluster in memory (librdkafka's mock cluster) for trying things. It prints its bootstrap servers and runs until it is told to end.
          --port-file FILE   writes the bootstrap servers there
          --topics FILE      creates the topics of a file like schemas/analytics/topics.json
          --partitions N     creates them with N partitions
        Faults come as lines on standard input: down, up, rtt MILLISECONDS, errors COUNT CODE.
        """;

    /// <exception cref="FormatException">A word is not understood.</exception>
    public static BrokerOptions Parse(string[] words)
    {
        var options = new BrokerOptions(null, null, null);
        for (var i = 0; i < words.Length; i += 2)
        {
            var value = i + 1 < words.Length ? words[i + 1] : throw new FormatException($"{words[i]} wants a value, or is not known");
            options = words[i] switch
            {
                "--port-file" => options with { PortFile = value },
                "--topics" => options with { TopicsFile = value },
                "--partitions" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 =>
                    options with
                    {
                        Partitions = count,
                    },
                _ => throw new FormatException($"{words[i]} {value} is not understood"),
            };
        }

        return options;
    }

    /// <summary>Names and partitions of the topics to create.</summary>
    /// <exception cref="JsonException">The file is no JSON.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public IReadOnlyList<(string Name, int Partitions)> Topics()
    {
        if (TopicsFile is null)
        {
            return [];
        }

        using var file = JsonDocument.Parse(File.ReadAllText(TopicsFile));
        return
        [
            .. file
                .RootElement.GetProperty("topics")
                .EnumerateArray()
                .Select(topic => (topic.GetProperty("name").GetString()!, Partitions ?? topic.GetProperty("partitions").GetInt32())),
        ];
    }
}
