using System.Collections.Concurrent;
using Fabric.Analytics;

namespace Fabric.Stream;

/// <summary>Flow rows on their way to the loop that writes them, in arrays that are used again. There are only so many.</summary>
internal sealed class FlowBatches(int capacity)
{
    private readonly ConcurrentQueue<FlowBatch> _free = new();
    private readonly ConcurrentQueue<FlowBatch> _filled = new();
    private int _made;

    /// <returns>How many rows, from the first on, found room.</returns>
    public int Add(ReadOnlySpan<FlowRow> rows)
    {
        var taken = 0;
        while (taken < rows.Length && Rent() is { } batch)
        {
            batch.Count = Math.Min(rows.Length - taken, FlowBatch.Capacity);
            rows.Slice(taken, batch.Count).CopyTo(batch.Rows);
            taken += batch.Count;
            _filled.Enqueue(batch);
        }

        return taken;
    }

    public bool IsEmpty => _filled.IsEmpty;

    public FlowBatch? Take() => _filled.TryDequeue(out var batch) ? batch : null;

    public void Return(FlowBatch batch)
    {
        // Names in it would live as long as the stream.
        Array.Clear(batch.Rows, 0, batch.Count);
        _free.Enqueue(batch);
    }

    private FlowBatch? Rent()
    {
        if (_free.TryDequeue(out var batch))
        {
            return batch;
        }

        if (Interlocked.Increment(ref _made) <= Math.Max(1, capacity / FlowBatch.Capacity))
        {
            return new FlowBatch();
        }

        Interlocked.Decrement(ref _made);
        return null;
    }
}

internal sealed class FlowBatch
{
    public const int Capacity = 512;

    public FlowRow[] Rows { get; } = new FlowRow[Capacity];

    public int Count { get; set; }
}
