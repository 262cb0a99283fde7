using Confluent.Kafka;
using Fabric.Kafka;
using Topic = Fabric.Analytics.Topic;

namespace Fabric.Streaming.Kafka;

/// <summary>A cluster by Confluent.Kafka over the distribution's librdkafka: idempotent, so that its own retries neither reorder nor repeat.</summary>
internal sealed class LibrdkafkaBroker : IBroker
{
    // Room beside the window for the tombstones that follow a row.
    private const int Spare = 2;

    private readonly IProducer<byte[], byte[]?> _producer;

    /// <exception cref="InvalidOperationException">A setting is not one of librdkafka's, or its value is not.</exception>
    /// <exception cref="DllNotFoundException">librdkafka is not installed.</exception>
    public LibrdkafkaBroker(KafkaOptions options, string node, KafkaLog log)
    {
        LibrdkafkaLibrary.Require();
        var settings = new Dictionary<string, string>
        {
            ["bootstrap.servers"] = string.Join(',', options.Servers),
            ["client.id"] = $"fabric-{node}",
            ["enable.idempotence"] = "true",
            // Rows wait until they are taken, however long; what waits is bounded by the window.
            ["message.timeout.ms"] = "0",
            ["linger.ms"] = "5",
            ["compression.type"] = options.Compression,
            ["partitioner"] = "murmur2_random",
            ["queue.buffering.max.messages"] = $"{options.MaxInFlight * Spare}",
            ["queue.buffering.max.kbytes"] = $"{Math.Max(1024, options.MaxInFlightBytes * Spare / 1024)}",
            ["reconnect.backoff.max.ms"] = "2000",
            ["dotnet.producer.enable.background.poll"] = "false",
            ["dotnet.producer.delivery.report.fields"] = "status",
        };
        foreach (var (name, value) in options.Settings)
        {
            settings[name] = value;
        }

        try
        {
            _producer = new ProducerBuilder<byte[], byte[]?>(settings)
                .SetKeySerializer(Serializers.ByteArray)
                .SetValueSerializer(Serializers.ByteArray!)
                .SetErrorHandler((_, error) => Heard(error, log))
                .SetLogHandler((_, message) => log.Trouble(message.Message))
                .Build();
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or KafkaException)
        {
            throw new InvalidOperationException(exception.Message, exception);
        }
    }

    public string? Fault { get; private set; }

    public bool TrySend(Topic topic, ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload, Delivery delivery)
    {
        var message = new Message<byte[], byte[]?> { Key = key.ToArray(), Value = payload.IsEmpty ? null : payload.ToArray() };
        try
        {
            _producer.Produce(topic.Name, message, report => delivery.Settle(StateOf(report.Error), report.Error.Reason));
            return true;
        }
        catch (ProduceException<byte[], byte[]?> exception) when (StateOf(exception.Error) == DeliveryState.Refused)
        {
            delivery.Settle(DeliveryState.Refused, exception.Error.Reason);
            return true;
        }
        catch (KafkaException exception)
        {
            Fault ??= exception.Error.IsFatal ? exception.Error.Reason : null;
            return false;
        }
    }

    public void Poll(TimeSpan wait) => _producer.Poll(wait);

    public void Dispose() => _producer.Dispose();

    private void Heard(Error error, KafkaLog log)
    {
        if (error.IsFatal)
        {
            Fault ??= error.Reason;
        }
        else
        {
            log.Trouble(error.Reason);
        }
    }

    private static DeliveryState StateOf(Error error) =>
        error.Code switch
        {
            ErrorCode.NoError => DeliveryState.Acknowledged,
            ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidRecord => DeliveryState.Refused,
            _ => DeliveryState.Failed,
        };
}
