using System.Globalization;
using Fabric.Analytics;
using Fabric.Hosting.Configuration;
using Fabric.Streaming.Journal;
using Fabric.Streaming.Kafka;

namespace Fabric.Streaming;

/// <summary>
/// The section "stream" of a program's options file; all of it may be left out.
/// <code>
/// stream:
///   folder: /var/lib/fabric/host1/stream   # default: "stream" in the state directory
///   format: json                           # or protobuf
///   followers: 16                          # readers over HTTP at a time
///   routes: all                            # or best, or off; of control nodes
///   topics:
///     flows: {max-mebibytes: 4096, max-age-hours: 48}
///   kafka:                                 # absent: the journal only
///     servers: [kafka1.example:9092]
///     compression: lz4                     # none, gzip, snappy, lz4, zstd
///     max-rate: 200000                     # rows a second
///     settings: {security.protocol: SSL}   # any of librdkafka's
/// </code>
/// </summary>
public static class StreamOptionsFile
{
    private const long MebiByte = 1024 * 1024;
    private const int MaxFollowers = 1024;
    private const int MaxRate = 10_000_000;
    private const int MaxMebibytes = 16 * 1024 * 1024;
    private const int MaxHours = 24 * 366 * 10;

    private static readonly string[] Compressions = ["none", "gzip", "snappy", "lz4", "zstd"];

    /// <summary>Faults are the file's, which reports them all at its end.</summary>
    public static StreamOptions ReadStream(this OptionsFile file, string node, SourceKind kind, string stateDirectory)
    {
        var options = new StreamOptions
        {
            Node = node,
            Kind = kind,
            Folder = Path.Combine(stateDirectory, "stream"),
        };
        if (file.Section("stream") is not { } section)
        {
            return options;
        }

        return options with
        {
            Folder = section.Optional<string>("folder", OptionValues.AbsolutePath, OptionValues.AbsolutePathExpected, options.Folder),
            IsProtobuf = section.Optional<string>("format", OneOf("json", "protobuf"), "json or protobuf", "json") == "protobuf",
            MaxFollowers = Number(section, "followers", MaxFollowers, options.MaxFollowers),
            Routes =
                kind == SourceKind.ControlNode
                    ? section.Optional<PublishedRoutes>("routes", Routes, "all, best or off", options.Routes)
                    : options.Routes,
            Limits = Limits(section),
            Kafka = section.Section("kafka") is { } kafka ? Kafka(kafka) : null,
        };
    }

    private static bool Routes(string text, out PublishedRoutes value)
    {
        (var isKnown, value) = text switch
        {
            "all" => (true, PublishedRoutes.All),
            "best" => (true, PublishedRoutes.Best),
            _ => (text == "off", PublishedRoutes.Off),
        };
        return isKnown;
    }

    private static Dictionary<Topic, JournalLimits> Limits(OptionsFile section)
    {
        var limits = new Dictionary<Topic, JournalLimits>();
        foreach (var (name, own) in section.NamedSections("topics"))
        {
            if (Topic.Find(name) is not { } topic)
            {
                section.Reject("topics", $"'{name}' is no topic; {OptionWords.Known(name, Topic.All.Select(known => known.ShortName))}");
                continue;
            }

            var usual = StreamOptions.DefaultLimits(topic);
            var bytes = Number(own, "max-mebibytes", MaxMebibytes, (int)(usual.MaxBytes / MebiByte)) * MebiByte;
            if (bytes < JournalLimits.MinBytes)
            {
                own.Reject("max-mebibytes", $"expected {JournalLimits.MinBytes / MebiByte} or more");
            }

            var hours = Number(own, "max-age-hours", MaxHours, (int)usual.MaxAge.TotalHours);
            limits[topic] = usual with { MaxBytes = bytes, MaxAge = TimeSpan.FromHours(hours) };
        }

        return limits;
    }

    private static KafkaOptions Kafka(OptionsFile section)
    {
        var servers = section.List<string>("servers", TryParseServer, "HOST:PORT");
        if (servers.Count == 0)
        {
            section.Reject("servers", "expected a list of one or more of HOST:PORT");
        }

        var options = new KafkaOptions { Servers = servers };
        return options with
        {
            Compression = section.Optional<string>(
                "compression",
                OneOf(Compressions),
                $"one of {string.Join(", ", Compressions)}",
                options.Compression
            ),
            MaxRate = Number(section, "max-rate", MaxRate, options.MaxRate),
            Settings = Settings(section.Section("settings")),
        };
    }

    private static Dictionary<string, string> Settings(OptionsFile? section) =>
        section?.Names.ToDictionary(
            name => name,
            name => section.Required<string>(name, OptionValues.Text, "a value"),
            StringComparer.Ordinal
        )
        ?? [];

    private static int Number(OptionsFile section, string key, int most, int otherwise) =>
        section.Optional(
            key,
            (string text, out int value) =>
                int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0 && value <= most,
            $"a number from 1 to {most}",
            otherwise
        );

    private static OptionsFile.TryParse<string> OneOf(params string[] words) =>
        (string text, out string value) =>
        {
            value = text;
            return words.Contains(text, StringComparer.Ordinal);
        };

    private static bool TryParseServer(string text, out string value)
    {
        value = text;
        var colon = text.LastIndexOf(':');
        return colon > 0 && OptionValues.Port(text[(colon + 1)..], out _);
    }
}
