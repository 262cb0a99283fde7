namespace Fabric.Streaming.Kafka;

/// <summary>Where the stream goes, and how fast.</summary>
public sealed record KafkaOptions
{
    /// <summary>HOST:PORT of brokers to begin with.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    public string Compression { get; init; } = "lz4";

    /// <summary>Rows that are sent and not acknowledged, of all topics; with <see cref="MaxInFlightBytes"/> it bounds the memory of an outage.</summary>
    public int MaxInFlight { get; init; } = 20_000;

    public long MaxInFlightBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Rows a second that are sent at most, of all topics: the pace of a replay.</summary>
    public int MaxRate { get; init; } = 200_000;

    /// <summary>Further settings of librdkafka: security.protocol, sasl.username and the like.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
