using System.Text;
using Fabric.Analytics;
using Fabric.Streaming.Kafka;

namespace Fabric.Streaming.Tests.Kafka;

/// <summary>A cluster that answers when the test says so.</summary>
internal sealed class FakeBroker : IBroker
{
    private readonly List<Delivery> _unanswered = [];

    public List<string> Received { get; } = [];

    public int Capacity { get; init; } = int.MaxValue;

    public bool IsDisposed { get; private set; }

    public string? Fault { get; set; }

    /// <summary>Answers on its own as soon as it is polled.</summary>
    public bool IsPrompt { get; set; } = true;

    public int Unanswered => _unanswered.Count;

    public bool TrySend(Topic topic, ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload, Delivery delivery)
    {
        if (_unanswered.Count >= Capacity)
        {
            return false;
        }

        Received.Add(payload.IsEmpty ? $"{Encoding.UTF8.GetString(key)} gone" : Encoding.UTF8.GetString(payload));
        _unanswered.Add(delivery);
        return true;
    }

    public void Poll(TimeSpan wait)
    {
        if (IsPrompt)
        {
            Answer(_unanswered.Count);
        }
    }

    /// <summary>Answers the oldest ones.</summary>
    public void Answer(int count, DeliveryState state = DeliveryState.Acknowledged)
    {
        for (var i = 0; i < count; i++)
        {
            AnswerAt(0, state);
        }
    }

    public void AnswerAt(int index, DeliveryState state)
    {
        var delivery = _unanswered[index];
        _unanswered.RemoveAt(index);
        delivery.Settle(state, "because");
    }

    public void Dispose() => IsDisposed = true;
}
