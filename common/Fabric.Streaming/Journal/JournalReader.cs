using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Fabric.Streaming.Journal;

/// <summary>
/// Reads a topic's rows in order from a sequence on, and follows what is written. Each reader has its own file handle: a segment that is deleted
/// meanwhile is read to its end. Not for several threads at once.
/// </summary>
public sealed class JournalReader : IDisposable
{
    private readonly TopicJournal _journal;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(JournalFormat.MaxFrameLength);
    private JournalSegment? _segment;
    private SafeFileHandle? _file;
    private long _offset;
    private int _start;
    private int _end;

    /// <param name="journal">Of the topic.</param>
    /// <param name="from">The first sequence that is wanted; a later one where that is gone.</param>
    public JournalReader(TopicJournal journal, ulong from)
    {
        _journal = journal;
        Position = Math.Max(from, 1);
    }

    /// <summary>The sequence that comes next, or a later one where there is a gap.</summary>
    public ulong Position { get; private set; }

    /// <summary>Sequences that were gone before they could be read: deleted with their segment, or unreadable.</summary>
    public ulong Missed { get; private set; }

    /// <summary>The next row, if one is there now.</summary>
    /// <exception cref="IOException">The disk does not give what is there.</exception>
    public bool TryRead(out JournalRecord record)
    {
        record = default;
        while (_segment is not null || Locate())
        {
            var outcome = JournalFormat.ReadFrame(_buffer.AsSpan(_start, _end - _start), out record, out var length);
            switch (outcome)
            {
                case FrameOutcome.Complete:
                    _start += length;
                    if (record.Sequence >= Position)
                    {
                        Position = record.Sequence + 1;
                        return true;
                    }

                    break;
                case FrameOutcome.Incomplete when Fill():
                    break;
                default:
                    // At the end of what is committed, or at a fault of the disk, which ends its segment.
                    if (!MoveOn(outcome == FrameOutcome.Invalid))
                    {
                        record = default;
                        return false;
                    }

                    break;
            }
        }

        return false;
    }

    /// <summary>Goes back, or ahead, to a sequence.</summary>
    public void Seek(ulong from)
    {
        Close();
        Position = Math.Max(from, 1);
    }

    public void Dispose()
    {
        Close();
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private bool Locate()
    {
        var segments = _journal.Segments;
        var index = Array.FindLastIndex(segments, segment => segment.FirstSequence <= Position);
        if (index < 0)
        {
            Missed += segments[0].FirstSequence - Position;
            Position = segments[0].FirstSequence;
            index = 0;
        }

        return Open(segments[index]);
    }

    private bool Open(JournalSegment segment)
    {
        try
        {
            _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (FileNotFoundException)
        {
            // Deleted in between: the list of segments has changed.
            return !ReferenceEquals(_journal.Segments[0], segment) && Locate();
        }

        _segment = segment;
        _offset = JournalFormat.SegmentHeaderLength;
        _start = _end = 0;
        return true;
    }

    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        var wanted = (int)Math.Min(_buffer.Length - _end, _segment!.Committed - _offset);
        if (wanted == 0)
        {
            return false;
        }

        var read = RandomAccess.Read(_file!, _buffer.AsSpan(_end, wanted), _offset);
        _offset += read;
        _end += read;
        return read > 0;
    }

    private bool MoveOn(bool isFaulty)
    {
        // The list first, then the length: a segment that has a successor grows no more.
        var next = Array.Find(_journal.Segments, segment => segment.FirstSequence > _segment!.FirstSequence);
        if (next is null)
        {
            return false;
        }

        if (!isFaulty && _segment!.Committed > _offset)
        {
            return true;
        }

        // Behind the last row of a segment nothing was written until its end.
        Missed += next.FirstSequence - (isFaulty ? Math.Min(Position, next.FirstSequence) : _segment!.End);
        Position = Math.Max(Position, next.FirstSequence);

        Close();
        return true;
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
        _segment = null;
        _start = _end = 0;
    }
}
