using Microsoft.Win32.SafeHandles;

namespace Fabric.Streaming.Journal;

/// <summary>
/// The rows of one topic, in segments on disk. One thread appends; rows gather in a buffer of fixed size and are readable once it is flushed. What was
/// flushed survives the process; whether it survives the machine is a matter of <see cref="JournalLimits.IsSynchronous"/>. Any thread may read.
/// </summary>
public sealed class TopicJournal : IDisposable
{
    private readonly string _folder;
    private readonly JournalLimits _limits;
    private readonly Action<SafeFileHandle> _forceToDisk;
    private readonly byte[] _buffer = new byte[JournalFormat.MaxFrameLength];
    private readonly Lock _gate = new();
    private TaskCompletionSource? _flushed;
    private volatile JournalSegment[] _segments;
    private SafeFileHandle _file;
    private int _buffered;
    private int _bufferedRows;
    private ulong _lastSequence;
    private ulong _lastBuffered;
    private ulong _lastFlushed;
    private long _bytes;
    private long _expired;
    private long _writtenRows;

    private TopicJournal(string folder, JournalLimits limits, long now, Action<SafeFileHandle> forceToDisk)
    {
        _folder = folder;
        _limits = limits;
        _forceToDisk = forceToDisk;
        Directory.CreateDirectory(folder);
        var recovered = JournalRecovery.Recover(folder, now);
        TornBytes = recovered.TornBytes;
        if (recovered.Segments.Count == 0)
        {
            (_file, var first) = Begin(1, now);
            _segments = [first];
        }
        else
        {
            _segments = [.. recovered.Segments];
            _file = File.OpenHandle(_segments[^1].Path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
            _lastSequence = _lastFlushed = recovered.LastSequence;
        }

        _bytes = _segments.Sum(segment => segment.Committed);
    }

    /// <summary>Octets that were cut off the end when the journal was opened: a row that a crash left half written, or rows of a batch that failed.</summary>
    public long TornBytes { get; }

    /// <summary>Octets on disk.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Rows that were flushed since the journal was opened.</summary>
    public long WrittenRows => Volatile.Read(ref _writtenRows);

    /// <summary>Sequences that went with old segments.</summary>
    public long Expired => Volatile.Read(ref _expired);

    /// <summary>Readers start here at the earliest.</summary>
    public ulong OldestSequence => _segments[0].FirstSequence;

    /// <summary>The last one that readers can read; 0: none yet.</summary>
    public ulong LastSequence => Volatile.Read(ref _lastFlushed);

    /// <summary>What the next row gets; to other threads than the appending one a sequence that none before it has had.</summary>
    public ulong NextSequence => Volatile.Read(ref _lastSequence) + 1;

    internal JournalSegment[] Segments => _segments;

    /// <param name="folder">Is made where it is missing. Nobody else may write there.</param>
    /// <param name="now">Microseconds since 1970.</param>
    /// <param name="forceToDisk">Returns when what was written to the file survives the machine; null: the system's own.</param>
    /// <exception cref="IOException">The folder or a file cannot be used.</exception>
    public static TopicJournal Open(string folder, JournalLimits limits, long now, Action<SafeFileHandle>? forceToDisk = null) =>
        new(folder, limits, now, forceToDisk ?? RandomAccess.FlushToDisk);

    /// <summary>Leaves out sequences, which readers see as a gap of as many rows.</summary>
    public void Skip(ulong count) => _lastSequence += count;

    /// <summary>Takes a row under <see cref="NextSequence"/>. It waits for <see cref="Flush"/>, except that a full buffer is flushed at once.</summary>
    /// <returns>False: the row is too large; nothing was written, and its sequence is left out.</returns>
    /// <exception cref="IOException">The buffer could not be written, and this row was not taken; see <see cref="Discard"/>.</exception>
    public bool Append(long now, ReadOnlySpan<byte> key, ReadOnlySpan<byte> payload, RecordFlags flags)
    {
        var length = JournalFormat.FrameLength(key.Length, payload.Length);
        var sequence = NextSequence;
        if (length > _buffer.Length || key.Length > ushort.MaxValue)
        {
            _lastSequence = sequence;
            return false;
        }

        if (_buffered + length > _buffer.Length)
        {
            Flush();
        }

        var active = _segments[^1];
        var isFull = active.Committed + _buffered + length > _limits.SegmentBytes || now - active.Begun > _limits.SegmentAge;
        if (isFull && !IsEmpty(active))
        {
            Flush();
            Roll(sequence, now);
        }

        var record = new JournalRecord
        {
            Sequence = sequence,
            Time = now,
            Flags = flags,
            Key = key,
            Payload = payload,
        };
        JournalFormat.WriteFrame(_buffer.AsSpan(_buffered, length), record);
        _buffered += length;
        _bufferedRows++;
        _lastSequence = _lastBuffered = sequence;
        return true;
    }

    /// <summary>Each flush waits for the disk.</summary>
    public bool IsSynchronous => _limits.IsSynchronous;

    /// <summary>Writes what was appended and shows it to readers.</summary>
    /// <exception cref="IOException">Nothing of it counts as written; the rows stay buffered.</exception>
    public void Flush()
    {
        if (_buffered == 0)
        {
            return;
        }

        var active = _segments[^1];
        RandomAccess.Write(_file, _buffer.AsSpan(0, _buffered), active.Committed);
        if (_limits.IsSynchronous)
        {
            _forceToDisk(_file);
        }

        active.Committed += _buffered;
        Volatile.Write(ref _bytes, _bytes + _buffered);
        Volatile.Write(ref _writtenRows, _writtenRows + _bufferedRows);
        _buffered = 0;
        _bufferedRows = 0;
        Volatile.Write(ref _lastFlushed, _lastBuffered);
        WakeReaders();
    }

    /// <summary>Gives up what could not be flushed, so that later rows have room. Readers see a gap.</summary>
    /// <returns>How many rows.</returns>
    public int Discard()
    {
        var rows = _bufferedRows;
        _buffered = 0;
        _bufferedRows = 0;
        return rows;
    }

    /// <summary>
    /// Deletes segments that are too many, or too old and with the broker: ages go by the wall clock, and one that is set ahead, as by a machine that has lost
    /// its battery, would take what waits for the broker. Its caller has flushed.
    /// </summary>
    /// <param name="acknowledged">The broker has what is up to here.</param>
    /// <returns>How many of the sequences that went were never acknowledged.</returns>
    public long Expire(long now, ulong acknowledged)
    {
        var oldest = now - _limits.MaxAge.Ticks / TimeSpan.TicksPerMicrosecond;
        var active = _segments[^1];
        if (!IsEmpty(active) && now - active.Begun > _limits.SegmentAge)
        {
            Roll(_lastSequence + 1, now);
        }

        long unsent = 0;
        while (
            _segments.Length > 1
            && (Bytes > _limits.MaxBytes || _segments[1].Begun < oldest && _segments[1].FirstSequence <= acknowledged + 1)
        )
        {
            unsent += DropOldest(acknowledged);
        }

        return unsent;
    }

    /// <summary>Completes at once when the row of a sequence, or a later one, can be read; else with the next flush, which may be of earlier rows: look again.</summary>
    public Task WhenFlushed(ulong sequence)
    {
        lock (_gate)
        {
            return LastSequence >= sequence
                ? Task.CompletedTask
                : (_flushed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Closes the file; what was not flushed is gone.</summary>
    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            _forceToDisk(_file);
            _file.Dispose();
            WakeReaders();
        }
    }

    private bool IsEmpty(JournalSegment active) => active.Committed + _buffered == JournalFormat.SegmentHeaderLength;

    private long DropOldest(ulong acknowledged)
    {
        var segments = _segments;
        var (first, next) = (segments[0].FirstSequence, segments[1].FirstSequence);
        _segments = segments[1..];
        File.Delete(segments[0].Path);
        Volatile.Write(ref _bytes, _bytes - segments[0].Committed);
        Volatile.Write(ref _expired, _expired + (long)(next - first));
        return (long)(next - Math.Clamp(acknowledged + 1, first, next));
    }

    private void Roll(ulong firstSequence, long now)
    {
        var (file, segment) = Begin(firstSequence, now);
        _file.Dispose();
        _file = file;
        _segments[^1].End = firstSequence;
        _segments = [.. _segments, segment];
        Volatile.Write(ref _bytes, _bytes + segment.Committed);
    }

    private (SafeFileHandle File, JournalSegment Segment) Begin(ulong firstSequence, long now)
    {
        var path = JournalSegment.PathOf(_folder, firstSequence);
        var file = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        Span<byte> header = stackalloc byte[JournalFormat.SegmentHeaderLength];
        JournalFormat.WriteSegmentHeader(header, firstSequence, now);
        try
        {
            RandomAccess.Write(file, header, 0);
        }
        catch (IOException)
        {
            // A full disk takes empty files: the next row, with another sequence, would leave one more.
            file.Dispose();
            File.Delete(path);
            throw;
        }

        return (file, new JournalSegment(path, firstSequence, now, header.Length));
    }

    private void WakeReaders()
    {
        TaskCompletionSource? waiting;
        lock (_gate)
        {
            waiting = _flushed;
            _flushed = null;
        }

        waiting?.TrySetResult();
    }
}
