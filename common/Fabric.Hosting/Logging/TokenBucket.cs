namespace Fabric.Hosting.Logging;

/// <summary>So many at once, and so many a second after that.</summary>
internal sealed class TokenBucket(int burst, double perSecond, TimeProvider time)
{
    private double _tokens = burst;
    private long _filled = time.GetTimestamp();

    public bool IsFull
    {
        get
        {
            Fill();
            return _tokens >= burst;
        }
    }

    public bool TryTake()
    {
        Fill();
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    private void Fill()
    {
        var now = time.GetTimestamp();
        _tokens = Math.Min(burst, _tokens + time.GetElapsedTime(_filled, now).TotalSeconds * perSecond);
        _filled = now;
    }
}
