using Fabric.Analytics;

namespace Fabric.Streaming.Kafka;

/// <summary>A connection to a Kafka cluster, as <see cref="KafkaProducer"/> uses it: by one thread, which never waits longer than it says.</summary>
internal interface IBroker : IDisposable
{
    /// <summary>Why it will never send anything again; null while it may.</summary>
    string? Fault { get; }

    /// <summary>Queues a row. Its delivery is settled by a later <see cref="Poll"/>.</summary>
    /// <param name="payload">Empty: a tombstone.</param>
    /// <returns>False: the queue is full, or there is a <see cref="Fault"/>.</returns>
    bool TrySend(Topic topic, ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload, Delivery delivery);

    /// <summary>Settles deliveries that the cluster has answered; waits for some where there are none.</summary>
    void Poll(TimeSpan wait);
}
