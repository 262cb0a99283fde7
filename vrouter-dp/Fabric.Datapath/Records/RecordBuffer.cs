using Fabric.Model.Datapath;

namespace Fabric.Datapath;

/// <summary>
/// Reports that wait for the agent, the oldest first: a ring that grows up to its capacity. What finds it full then is lost, and counted.
/// </summary>
public sealed class RecordBuffer(int capacity)
{
    private const int SmallestRing = 1_024;
    private FlowReport[] ring = [];
    private int first;

    public int Count { get; private set; }

    /// <summary>Reports that were taken in.</summary>
    public long Added { get; private set; }

    /// <summary>Reports that found no room.</summary>
    public long Lost { get; private set; }

    /// <summary>As many of the oldest as lie in one piece of memory.</summary>
    public ReadOnlySpan<FlowReport> Oldest => ring.AsSpan(first, Math.Min(Count, ring.Length - first));

    public void Remove(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        first = count == Count ? 0 : (first + count) % ring.Length;
        Count -= count;
    }

    internal void Add(in FlowReport report)
    {
        if (Count == capacity)
        {
            Lost++;
            return;
        }

        if (Count == ring.Length)
        {
            Grow();
        }

        ring[(first + Count) % ring.Length] = report;
        Count++;
        Added++;
    }

    private void Grow()
    {
        var larger = new FlowReport[Math.Min(capacity, Math.Max(SmallestRing, 2 * ring.Length))];
        ring.AsSpan(first).CopyTo(larger);
        ring.AsSpan(0, first).CopyTo(larger.AsSpan(ring.Length - first));
        (ring, first) = (larger, 0);
    }
}
