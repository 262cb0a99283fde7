using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Fabric.Broker;

/// <summary>The command line of fabric-broker.</summary>
public sealed record BrokerOptions
{
    public const string Usage = """
        usage: fabric-broker [--port N] [--namespace PATH]... [--port-file FILE] [--topics FILE] [--partitions N]
        A Kafka cluster in memory (librdkafka's mock cluster) for trying things. It prints its bootstrap servers and runs until it is told to end.
          --port N               at 127.0.0.1:N (root); without it, at a port that the kernel chooses
          --namespace PATH       at the same address in a network namespace too (with --port or --servers; root)
          --servers ADDRESS:PORT[,ADDRESS:PORT]
                                 no cluster of its own: the namespaces get a way to this one, by the addresses that it tells its clients
          --port-file FILE       writes the bootstrap servers there
          --topics FILE          creates the topics of a file like schemas/analytics/topics.json
          --partitions N         creates them with N partitions
        Faults come as lines on standard input: down, up, rtt MILLISECONDS, errors COUNT CODE.
        """;

    private const int MaxPort = 65_535;

    public int? Port { get; init; }

    /// <summary>A cluster that is there already; none: one is made.</summary>
    public IReadOnlyList<IPEndPoint> Servers { get; init; } = [];

    public IReadOnlyList<string> Namespaces { get; init; } = [];

    public string? PortFile { get; init; }

    public string? TopicsFile { get; init; }

    public int? Partitions { get; init; }

    /// <exception cref="FormatException">A word is not understood, or does not go with another.</exception>
    public static BrokerOptions Parse(string[] words)
    {
        var options = new BrokerOptions();
        for (var i = 0; i < words.Length; i += 2)
        {
            var value = i + 1 < words.Length ? words[i + 1] : throw new FormatException($"{words[i]} wants a value, or is not known");
            options = words[i] switch
            {
                "--port" when Number(value, MaxPort) is { } port => options with { Port = port },
                "--servers" => options with { Servers = [.. value.Split(',').Select(Server)] },
                "--namespace" => options with { Namespaces = [.. options.Namespaces, value] },
                "--port-file" => options with { PortFile = value },
                "--topics" => options with { TopicsFile = value },
                "--partitions" when Number(value, int.MaxValue) is { } count => options with { Partitions = count },
                _ => throw new FormatException($"{words[i]} {value} is not understood"),
            };
        }

        var isFixed = options.Port is not null || options.Servers.Count > 0;
        return options switch
        {
            { Namespaces.Count: > 0 } when !isFixed => throw new FormatException("--namespace goes with --port or --servers"),
            { Servers.Count: > 0, Port: not null } or { Servers.Count: > 0, TopicsFile: not null } => throw new FormatException(
                "--servers names a cluster that is there: --port and --topics are for one of our own"
            ),
            _ => options,
        };
    }

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most ? number : null;

    private static IPEndPoint Server(string text) =>
        IPEndPoint.TryParse(text, out var server) && server.Port > 0
            ? server
            : throw new FormatException($"--servers {text}: expected ADDRESS:PORT");

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
