using Fabric.Streaming.Journal;

namespace Fabric.Streaming.Kafka;

/// <summary>
/// A topic's way from the journal to the broker. Rows are sent in order; the acknowledged position follows behind the first one that is not answered. After a
/// failure nothing more is sent until all is answered; then everything behind the position is sent again, so that none is missing and
/// order is restored. A row that will never be taken is counted and passed over.
/// </summary>
internal sealed class TopicFeed : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly TopicLane _lane;
    private readonly InFlightWindow _window;
    private readonly TimeProvider _time;
    private readonly Action<TopicLane, Delivery> _complain;
    private readonly JournalReader _reader;
    private readonly Queue<Delivery> _inFlight = new();
    private int _unsettled;
    private int _generation;
    private bool _hasFailed;
    private long _pausedAt;
    private bool _isPaused;

    public TopicFeed(TopicLane lane, InFlightWindow window, TimeProvider time, Action<TopicLane, Delivery> complain)
    {
        _lane = lane;
        _window = window;
        _time = time;
        _complain = complain;
        _reader = new JournalReader(lane.Journal, Acknowledged.Sequence + 1);
    }

    public int InFlight => _inFlight.Count;

    public AcknowledgedPosition Acknowledged => _lane.Acknowledged!;

    /// <summary>Sends rows while there are some, and room and time for them.</summary>
    /// <returns>How many.</returns>
    public int Send(IBroker broker, SendingPace pace, int most)
    {
        if (_hasFailed || IsPausing())
        {
            return 0;
        }

        var sent = 0;
        while (sent < most && _window.HasRoom && pace.HasRoom && _reader.TryRead(out var row))
        {
            if (!TrySend(broker, row))
            {
                _reader.Seek(row.Sequence);
                break;
            }

            pace.Take();
            sent++;
        }

        return sent;
    }

    /// <summary>The connection is gone, and with it all that was not answered.</summary>
    public void Restart()
    {
        _generation++;
        _inFlight.Clear();
        _unsettled = 0;
        _hasFailed = false;
        _reader.Seek(Acknowledged.Sequence + 1);
    }

    public void Dispose() => _reader.Dispose();

    private bool TrySend(IBroker broker, in JournalRecord row) =>
        row.Flags.HasFlag(RecordFlags.LastOfKey)
            ? TrySend(broker, row.Key, row.Payload, row.Sequence - 1) && TrySend(broker, row.Key, [], row.Sequence)
            : TrySend(broker, row.Key, row.Payload, row.Sequence);

    private bool TrySend(IBroker broker, ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload, ulong complete)
    {
        var generation = _generation;
        var delivery = new Delivery(complete, key.Length + payload.Length, settled => Settled(settled, generation));
        // First, since a row may be settled before the call returns.
        _inFlight.Enqueue(delivery);
        _window.Add(delivery);
        _unsettled++;
        if (broker.TrySend(_lane.Topic, key, payload, delivery))
        {
            return true;
        }

        Withdraw(delivery);
        return false;
    }

    // It is the newest: all before it are answered later than now, or already.
    private void Withdraw(Delivery delivery)
    {
        for (var older = _inFlight.Count - 1; older > 0; older--)
        {
            _inFlight.Enqueue(_inFlight.Dequeue());
        }

        _inFlight.Dequeue();
        _window.Remove(delivery);
        _unsettled--;
    }

    private void Settled(Delivery delivery, int generation)
    {
        if (generation != _generation)
        {
            return;
        }

        _unsettled--;
        _window.Remove(delivery);
        if (delivery.State is DeliveryState.Failed or DeliveryState.Refused)
        {
            _complain(_lane, delivery);
        }

        _hasFailed |= delivery.State == DeliveryState.Failed;
        while (_inFlight.TryPeek(out var oldest) && oldest.State is DeliveryState.Acknowledged or DeliveryState.Refused)
        {
            if (oldest.State == DeliveryState.Refused)
            {
                _lane.CountRefused();
            }

            Acknowledged.Sequence = Math.Max(Acknowledged.Sequence, oldest.Complete);
            _inFlight.Dequeue();
        }

        if (_hasFailed && _unsettled == 0)
        {
            Restart();
            _pausedAt = _time.GetTimestamp();
            _isPaused = true;
        }
    }

    private bool IsPausing()
    {
        _isPaused = _isPaused && _time.GetElapsedTime(_pausedAt) < RetryAfter;
        return _isPaused;
    }
}
