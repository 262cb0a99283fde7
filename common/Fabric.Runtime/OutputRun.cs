using System.Buffers;
using System.Runtime.InteropServices;

namespace Fabric.Runtime;

/// <summary>
/// Output of any length that is written once, message by message, and sent to many connections by reference. Used again after
/// <see cref="Clear"/>; on one loop.
/// </summary>
public sealed class OutputRun(OutputSegmentPool pool) : IBufferWriter<byte>
{
    private readonly List<OutputSegment> _segments = [];

    public int Length { get; private set; }

    /// <summary>Valid until <see cref="Clear"/>, unless retained.</summary>
    public ReadOnlySpan<OutputSegment> Segments => CollectionsMarshal.AsSpan(_segments);

    public void Advance(int count)
    {
        _segments[^1].Advance(count);
        Length += count;
    }

    /// <exception cref="ArgumentOutOfRangeException">More is asked for than a segment holds.</exception>
    public Span<byte> GetSpan(int sizeHint = 0) => SegmentFor(sizeHint).Free;

    /// <inheritdoc cref="GetSpan"/>
    public Memory<byte> GetMemory(int sizeHint = 0) => SegmentFor(sizeHint).FreeMemory;

    /// <summary>Queues all that was written to a connection.</summary>
    public void SendTo(IConnection connection)
    {
        foreach (var segment in _segments)
        {
            connection.Send(segment);
        }
    }

    /// <summary>Lets go of what was written; what is queued somewhere stays as it is.</summary>
    public void Clear()
    {
        foreach (var segment in _segments)
        {
            segment.Release();
        }

        _segments.Clear();
        Length = 0;
    }

    private OutputSegment SegmentFor(int sizeHint)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sizeHint, OutputSegmentPool.SegmentBytes);
        if (_segments.Count == 0 || _segments[^1].Free.Length < Math.Max(sizeHint, 1))
        {
            _segments.Add(pool.Rent());
        }

        return _segments[^1];
    }
}
