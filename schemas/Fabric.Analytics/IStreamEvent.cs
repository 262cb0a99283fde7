using Google.Protobuf;

namespace Fabric.Analytics;

/// <summary>A row of a topic. The stream fills in the envelope; the publisher only its time, and that only where it is not now.</summary>
public interface IStreamEvent : IMessage
{
    Envelope Envelope { get; set; }

    Topic Topic { get; }

    /// <summary>What Kafka's partition is chosen by: rows of one key stay in order. Null: the source's node name.</summary>
    string? Key { get; }

    /// <summary>Whether the row is the last one of its key, so that a compacted topic may forget it.</summary>
    bool IsLastOfKey { get; }
}
