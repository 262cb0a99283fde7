namespace Fabric.Streaming.Kafka;

/// <summary>
/// Takes the journal to a Kafka cluster: what its thread does, without the thread. It is a reader of the journal like any; a cluster that is slow, down
/// or refusing makes it stand still, which costs the window's memory and the journal's disk.
/// </summary>
internal sealed class KafkaProducer : IDisposable
{
    private const int RowsPerTurn = 500;
    private static readonly TimeSpan IdleWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxReconnectWait = TimeSpan.FromSeconds(30);

    private readonly Func<IBroker> _connect;
    private readonly TimeProvider _time;
    private readonly KafkaLog _log;
    private readonly InFlightWindow _window;
    private readonly SendingPace _pace;
    private readonly List<TopicFeed> _feeds;
    private IBroker? _broker;
    private TimeSpan _reconnectWait;
    private long _connected;
    private long _disconnected;
    private long _saved;

    /// <param name="connect">Makes a connection; it may be made again after a fault.</param>
    public KafkaProducer(KafkaOptions options, IReadOnlyList<TopicLane> lanes, Func<IBroker> connect, TimeProvider time, KafkaLog log)
    {
        _connect = connect;
        _time = time;
        _log = log;
        _window = new InFlightWindow(options);
        _pace = new SendingPace(options.MaxRate, time);
        _feeds = [.. lanes.Select(lane => new TopicFeed(lane, _window, time, log.DeliveryFailed))];
        _saved = time.GetTimestamp();
    }

    /// <summary>Rows that are sent and not answered.</summary>
    public int InFlight => _window.Rows;

    /// <summary>Sends what can be sent, takes what is answered. Returns at once when something was to do, soon otherwise.</summary>
    public void Turn()
    {
        Connect();
        var sent = 0;
        if (_broker is not null)
        {
            _pace.Refill();
            foreach (var feed in _feeds)
            {
                sent += feed.Send(_broker, _pace, RowsPerTurn);
            }

            _broker.Poll(sent > 0 ? TimeSpan.Zero : IdleWait);
            if (_broker.Fault is { } fault)
            {
                Disconnect(fault);
            }
        }

        if (_time.GetElapsedTime(_saved) >= SaveInterval)
        {
            Save();
        }
    }

    /// <summary>Waits a little for what is on its way, so that it need not be sent again by the next run.</summary>
    public void Finish(TimeSpan patience)
    {
        var started = _time.GetTimestamp();
        while (_broker is { Fault: null } && _window.Rows > 0 && _time.GetElapsedTime(started) < patience)
        {
            _broker.Poll(IdleWait);
        }

        Save();
    }

    public void Dispose()
    {
        _broker?.Dispose();
        foreach (var feed in _feeds)
        {
            feed.Dispose();
        }
    }

    private void Connect()
    {
        if (_broker is not null || (_reconnectWait > TimeSpan.Zero && _time.GetElapsedTime(_disconnected) < _reconnectWait))
        {
            return;
        }

        try
        {
            _broker = _connect();
            _connected = _time.GetTimestamp();
        }
        catch (Exception exception) when (exception is InvalidOperationException or DllNotFoundException)
        {
            Disconnect(exception.Message);
        }
    }

    private void Disconnect(string fault)
    {
        if (_broker is not null && _time.GetElapsedTime(_connected) > MaxReconnectWait)
        {
            _reconnectWait = TimeSpan.Zero;
        }

        _reconnectWait = TimeSpan.FromSeconds(Math.Clamp(_reconnectWait.TotalSeconds * 2, 1, MaxReconnectWait.TotalSeconds));
        _log.Disconnected(fault, _reconnectWait);
        _disconnected = _time.GetTimestamp();
        _broker?.Dispose();
        _broker = null;
        _window.Clear();
        foreach (var feed in _feeds)
        {
            feed.Restart();
        }
    }

    private void Save()
    {
        _saved = _time.GetTimestamp();
        foreach (var feed in _feeds)
        {
            try
            {
                feed.Acknowledged.Save();
            }
            catch (IOException exception)
            {
                _log.PositionNotSaved(exception.Message);
            }
        }
    }
}
