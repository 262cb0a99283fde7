namespace Fabric.Cli.Support;

/// <summary>The last lines of a log.</summary>
internal static class LogTail
{
    public static async Task<Finding> ReadAsync(string file, int limit, CancellationToken cancellation)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var length = stream.Length;
        var skipped = Math.Max(0, length - limit);
        stream.Seek(skipped, SeekOrigin.Begin);
        var text = new BoundedBytes(limit);
        await text.ReadAsync(stream, cancellation);
        var bytes = text.ToArray();
        if (skipped == 0)
        {
            return new Finding(bytes);
        }

        // A line whose beginning is gone may be the rest of a secret without its name.
        var begin = Array.IndexOf(bytes, (byte)'\n') + 1;
        return new Finding(begin == 0 ? [] : bytes[begin..], $"cut: the end of {length} octets") { IsCut = true };
    }
}
