namespace Fabric.Hosting.Metrics;

/// <summary>
/// Counts how long something took, in buckets; written by any thread, without a lock or an allocation. A reader may see an observation in a
/// bucket and not yet in the sum.
/// </summary>
public sealed class Histogram
{
    private static readonly double[] s_bounds =
    [
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
    ];

    // One more than bounds: what took longer than the last.
    private readonly long[] _counts = new long[s_bounds.Length + 1];
    private long _ticks;

    /// <summary>The upper bounds of the buckets in seconds: 100 us to 10 s.</summary>
    public static ReadOnlySpan<double> Bounds => s_bounds;

    /// <summary>In seconds.</summary>
    public double Sum => TimeSpan.FromTicks(Interlocked.Read(ref _ticks)).TotalSeconds;

    public void Observe(TimeSpan taken)
    {
        var seconds = taken.TotalSeconds;
        var bucket = 0;
        while (bucket < s_bounds.Length && seconds > s_bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _ticks, taken.Ticks);
    }

    /// <summary>Observations in the bucket alone; the last bucket holds what took longer than every bound.</summary>
    public long Count(int bucket) => Interlocked.Read(ref _counts[bucket]);
}
