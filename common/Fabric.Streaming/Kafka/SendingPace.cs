namespace Fabric.Streaming.Kafka;

/// <summary>A token bucket: so many rows a second, a tenth of a second's worth at once.</summary>
internal sealed class SendingPace(int rowsPerSecond, TimeProvider time)
{
    private readonly double _burst = Math.Max(1, rowsPerSecond / 10.0);
    private double _tokens;
    private long _filled = time.GetTimestamp();

    public bool HasRoom => _tokens >= 1;

    public void Refill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(_burst, _tokens + time.GetElapsedTime(_filled, now).TotalSeconds * rowsPerSecond);
        _filled = now;
    }

    public void Take() => _tokens--;
}
