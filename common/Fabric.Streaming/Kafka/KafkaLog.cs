using Microsoft.Extensions.Logging;

namespace Fabric.Streaming.Kafka;

/// <summary>What the operator hears of the broker: each kind of trouble once in ten seconds at most.</summary>
internal sealed partial class KafkaLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private long _lastDelivery;
    private long _lastTrouble;
    private long _lastPosition;

    public void DeliveryFailed(TopicLane lane, Delivery delivery)
    {
        if (!IsDue(ref _lastDelivery))
        {
            return;
        }

        if (delivery.State == DeliveryState.Refused)
        {
            LogRefused(lane.Topic.Name, delivery.Complete, delivery.Reason);
        }
        else
        {
            LogDeliveryFailed(lane.Topic.Name, delivery.Complete, delivery.Reason);
        }
    }

    public void Disconnected(string fault, TimeSpan wait) => LogDisconnected(fault, wait.TotalSeconds);

    /// <summary>From any thread.</summary>
    public void Trouble(string reason)
    {
        if (IsDue(ref _lastTrouble))
        {
            LogTrouble(reason);
        }
    }

    public void PositionNotSaved(string reason)
    {
        if (IsDue(ref _lastPosition))
        {
            LogPositionNotSaved(reason);
        }
    }

    private bool IsDue(ref long last)
    {
        var before = Volatile.Read(ref last);
        var isDue = before == 0 || time.GetElapsedTime(before) > Interval;
        return isDue && Interlocked.CompareExchange(ref last, time.GetTimestamp(), before) == before;
    }

    [LoggerMessage(1610, LogLevel.Warning, "kafka: {Topic} from row {Sequence} on will be sent again: {Reason}")]
    private partial void LogDeliveryFailed(string topic, ulong sequence, string reason);

    [LoggerMessage(1611, LogLevel.Error, "kafka: the broker will never take row {Sequence} of {Topic}, which is passed over: {Reason}")]
    private partial void LogRefused(string topic, ulong sequence, string reason);

    [LoggerMessage(1612, LogLevel.Error, "kafka: begins anew in {Seconds} s: {Fault}")]
    private partial void LogDisconnected(string fault, double seconds);

    [LoggerMessage(1613, LogLevel.Warning, "kafka: rows wait in the journal: {Reason}")]
    private partial void LogTrouble(string reason);

    [LoggerMessage(1614, LogLevel.Error, "kafka: the acknowledged position cannot be saved; a restart would send rows again: {Reason}")]
    private partial void LogPositionNotSaved(string reason);
}
