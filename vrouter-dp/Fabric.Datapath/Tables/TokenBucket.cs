namespace Fabric.Datapath;

/// <summary>Lets so many things happen in a second, with as many at once.</summary>
internal sealed class TokenBucket
{
    private long milliTokens;
    private long filledAt = long.MinValue;

    public bool Take(int perSecond, long nowMilliseconds)
    {
        var full = perSecond * 1000L;
        var elapsed = filledAt == long.MinValue ? 1000 : Math.Clamp(nowMilliseconds - filledAt, 0, 1000);
        milliTokens = Math.Min(full, milliTokens + elapsed * perSecond);
        filledAt = nowMilliseconds;
        if (milliTokens < 1000)
        {
            return false;
        }

        milliTokens -= 1000;
        return true;
    }
}
