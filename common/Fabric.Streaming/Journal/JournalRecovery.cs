namespace Fabric.Streaming.Journal;

/// <summary>Takes up what a former run left: whole segments as they are, of the last one what is whole.</summary>
internal static class JournalRecovery
{
    public sealed record Outcome(List<JournalSegment> Segments, ulong LastSequence, long TornBytes);

    public static Outcome Recover(string folder, long now)
    {
        var segments = new List<JournalSegment>();
        var files = JournalSegment.Find(folder).ToList();
        long torn = 0;
        ulong last = 0;
        Span<byte> header = stackalloc byte[JournalFormat.SegmentHeaderLength];
        for (var i = 0; i < files.Count; i++)
        {
            var (path, first) = files[i];
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            var length = RandomAccess.GetLength(file);
            var isSegment = JournalFormat.TryReadSegmentHeader(header[..RandomAccess.Read(file, header, 0)], first, out var begun);
            begun = isSegment ? begun : now;
            if (i == files.Count - 1)
            {
                // A file without its header was just begun: no row is in it, but its name keeps the sequence.
                var (whole, sequence) = isSegment ? Scan(file, length) : (0, null);
                last = sequence ?? first - 1;
                torn += length - whole;
                RandomAccess.SetLength(file, whole);
                length = whole;
                if (!isSegment)
                {
                    JournalFormat.WriteSegmentHeader(header, first, begun);
                    RandomAccess.Write(file, header, 0);
                    length = JournalFormat.SegmentHeaderLength;
                }
            }

            segments.Add(new JournalSegment(path, first, begun, length) { End = i < files.Count - 1 ? files[i + 1].FirstSequence : 0 });
        }

        return new Outcome(segments, last, torn);
    }

    private static (long Whole, ulong? LastSequence) Scan(Microsoft.Win32.SafeHandles.SafeFileHandle file, long length)
    {
        var buffer = new byte[JournalFormat.MaxFrameLength];
        var whole = (long)JournalFormat.SegmentHeaderLength;
        ulong? last = null;
        while (whole < length)
        {
            var available = buffer.AsSpan(0, RandomAccess.Read(file, buffer, whole));
            var taken = 0;
            // Sequences rise. A row that is not above the one before it is the rest of a batch that found no room as a whole, whose beginning was
            // written over since.
            while (
                JournalFormat.ReadFrame(available[taken..], out var record, out var frame) == FrameOutcome.Complete
                && !(record.Sequence <= last)
            )
            {
                last = record.Sequence;
                taken += frame;
            }

            if (taken == 0)
            {
                break;
            }

            whole += taken;
        }

        return (whole, last);
    }
}
