namespace Fabric.Agent.State;

/// <summary>Files that are there whole or not at all: written beside, forced to disk, then renamed over the old one.</summary>
internal static class AtomicFile
{
    private const string TemporarySuffix = ".new";

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var temporary = path + TemporarySuffix;
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Puts a file that cannot be used where nobody reads it, for people to look at.</summary>
    public static string MoveAside(string path)
    {
        var aside = path + ".corrupt";
        File.Move(path, aside, overwrite: true);
        return aside;
    }
}
