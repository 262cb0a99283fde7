using System.Collections.Concurrent;

namespace Fabric.Streaming;

/// <summary>Rows of one topic on their way to the loop that writes them, in arrays that are used again. There are only so many.</summary>
/// <param name="rowsOfBatch">In each array: as many as are usually added at once.</param>
/// <param name="capacity">Rows, if all arrays are full.</param>
internal sealed class RowBatches<TRow>(int rowsOfBatch, int capacity)
    where TRow : struct
{
    private readonly ConcurrentQueue<RowBatch<TRow>> _free = new();
    private readonly ConcurrentQueue<RowBatch<TRow>> _filled = new();
    private int _used;

    public int Most { get; } = Math.Max(1, capacity / rowsOfBatch);

    /// <summary>So many rows find room now, added at once. From any thread.</summary>
    public int Room => Math.Max(0, Most - Volatile.Read(ref _used)) * rowsOfBatch;

    public bool IsEmpty => _filled.IsEmpty;

    /// <returns>How many rows, from the first on, found room.</returns>
    public int Add(ReadOnlySpan<TRow> rows)
    {
        var taken = 0;
        while (taken < rows.Length && Rent() is { } batch)
        {
            taken += batch.Fill(rows[taken..]);
            _filled.Enqueue(batch);
        }

        return taken;
    }

    public RowBatch<TRow>? Take() => _filled.TryDequeue(out var batch) ? batch : null;

    public void Return(RowBatch<TRow> batch)
    {
        batch.Clear();
        _free.Enqueue(batch);
        Interlocked.Decrement(ref _used);
    }

    private RowBatch<TRow>? Rent()
    {
        if (Interlocked.Increment(ref _used) > Most)
        {
            Interlocked.Decrement(ref _used);
            return null;
        }

        return _free.TryDequeue(out var batch) ? batch : new RowBatch<TRow>(rowsOfBatch);
    }
}

internal sealed class RowBatch<TRow>(int capacity)
    where TRow : struct
{
    private readonly TRow[] _rows = new TRow[capacity];
    private int _count;

    public ReadOnlySpan<TRow> Rows => _rows.AsSpan(0, _count);

    /// <returns>How many rows it has taken.</returns>
    public int Fill(ReadOnlySpan<TRow> rows)
    {
        _count = Math.Min(rows.Length, _rows.Length);
        rows[.._count].CopyTo(_rows);
        return _count;
    }

    /// <summary>Names in it would live as long as the stream.</summary>
    public void Clear() => Array.Clear(_rows, 0, _count);
}
