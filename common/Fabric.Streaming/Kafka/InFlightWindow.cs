namespace Fabric.Streaming.Kafka;

/// <summary>What is sent and not yet answered, of all topics: the memory that an outage may take.</summary>
internal sealed class InFlightWindow(KafkaOptions options)
{
    public int Rows { get; private set; }

    public long Bytes { get; private set; }

    public bool HasRoom => Rows < options.MaxInFlight && Bytes < options.MaxInFlightBytes;

    public void Add(Delivery delivery)
    {
        Rows++;
        Bytes += delivery.Length;
    }

    public void Remove(Delivery delivery)
    {
        Rows--;
        Bytes -= delivery.Length;
    }

    public void Clear()
    {
        Rows = 0;
        Bytes = 0;
    }
}
