namespace Fabric.Datapath;

/// <summary>
/// Lets so many things happen in a second, whichever workers ask: one word, changed by compare and exchange, so that a rate is that of all of
/// them together.
/// <code>
///  63                 32 31            0
/// +---------------------+---------------+
/// | filled, in ms       | thousandths   |
/// +---------------------+---------------+
/// </code>
/// </summary>
internal struct TokenBucket
{
    private const int Token = 1000;
    private const int LongestFill = 1000;
    private const int TimeShift = 32;

    // 0 is one that nobody has asked yet.
    private ulong word;

    /// <summary>As the kernel's programs have it (bpf/miss_limit.h): 50 ms of the rate, and no less than what a machine asks that has just started.</summary>
    public static int BurstOf(int perSecond) => Math.Max(64, perSecond / 20);

    /// <summary>Whether one more may happen now.</summary>
    /// <param name="perSecond">The rate.</param>
    /// <param name="burst">As many may happen at once; less than four million.</param>
    /// <param name="nowMilliseconds">The time; that of another worker may be a moment earlier or later.</param>
    public bool Take(int perSecond, int burst, long nowMilliseconds)
    {
        while (true)
        {
            var seen = Volatile.Read(ref word);
            var (at, elapsed) = Elapsed(seen, (uint)nowMilliseconds);
            var tokens = Math.Min((long)burst * Token, (uint)seen + (long)elapsed * perSecond);
            var isTaken = tokens >= Token;
            var next = (ulong)at << TimeShift | (uint)(isTaken ? tokens - Token : tokens);
            if (next == seen || Interlocked.CompareExchange(ref word, next, seen) == seen)
            {
                return isTaken;
            }
        }
    }

    // A clock behind the one that filled it fills nothing, unless it is that of a day after the count came round.
    private static (uint At, int Elapsed) Elapsed(ulong seen, uint now)
    {
        var at = (uint)(seen >> TimeShift);
        var elapsed = (int)(now - at);
        return seen == 0 || elapsed is > LongestFill or < -LongestFill ? (now, LongestFill)
            : elapsed < 0 ? (at, 0)
            : (now, elapsed);
    }
}
