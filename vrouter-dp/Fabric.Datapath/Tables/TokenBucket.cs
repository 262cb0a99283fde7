namespace Fabric.Datapath;

/// <summary>Lets so many things happen in a second.</summary>
internal sealed class TokenBucket
{
    private long milliTokens;
    private long filledAt = long.MinValue;

    /// <summary>Whether one more may happen now.</summary>
    /// <param name="perSecond">The rate.</param>
    /// <param name="burst">As many may happen at once.</param>
    public bool Take(int perSecond, int burst, long nowMilliseconds)
    {
        var full = burst * 1000L;
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
