namespace Fabric.Streaming.Kafka;

/// <summary>A row on its way to the cluster.</summary>
internal sealed class Delivery(ulong complete, int length, Action<Delivery> settled)
{
    /// <summary>The sequence up to which the broker has everything once this delivery and all before it are settled.</summary>
    public ulong Complete { get; } = complete;

    /// <summary>Octets of key and payload.</summary>
    public int Length { get; } = length;

    public DeliveryState State { get; private set; }

    /// <summary>Of a delivery that failed or was refused: in words.</summary>
    public string Reason { get; private set; } = "";

    public void Settle(DeliveryState state, string reason = "")
    {
        State = state;
        Reason = reason;
        settled(this);
    }
}

internal enum DeliveryState
{
    Sent,

    /// <summary>All replicas that are in sync have it.</summary>
    Acknowledged,

    /// <summary>It may succeed later.</summary>
    Failed,

    /// <summary>It will never be taken: too large, or invalid to the topic.</summary>
    Refused,
}
