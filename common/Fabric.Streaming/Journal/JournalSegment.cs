using System.Globalization;

namespace Fabric.Streaming.Journal;

/// <summary>A file of a topic's journal, as its writer and its readers see it.</summary>
internal sealed class JournalSegment(string path, ulong firstSequence, long begun, long length)
{
    private const string Extension = ".journal";

    private long committed = length;
    private ulong end;

    public string Path { get; } = path;

    public ulong FirstSequence { get; } = firstSequence;

    /// <summary>Microseconds since 1970; all rows of the segment before are older.</summary>
    public long Begun { get; } = begun;

    /// <summary>Octets that readers may read: whole frames.</summary>
    public long Committed
    {
        get => Volatile.Read(ref committed);
        set => Volatile.Write(ref committed, value);
    }

    /// <summary>Where the segment after it began; 0 while this is the last one. What is between that and the next one that is still there was deleted.</summary>
    public ulong End
    {
        get => Volatile.Read(ref end);
        set => Volatile.Write(ref end, value);
    }

    public static string PathOf(string folder, ulong firstSequence) =>
        System.IO.Path.Combine(folder, firstSequence.ToString("D20", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Files of a folder that are named as segments are, the oldest first.</summary>
    public static IEnumerable<(string Path, ulong FirstSequence)> Find(string folder) =>
        Directory
            .EnumerateFiles(folder, "*" + Extension)
            .Select(path => (path, IsNumber: ulong.TryParse(System.IO.Path.GetFileNameWithoutExtension(path), out var first), first))
            .Where(file => file.IsNumber)
            .Select(file => (file.path, file.first))
            .OrderBy(file => file.first);
}
