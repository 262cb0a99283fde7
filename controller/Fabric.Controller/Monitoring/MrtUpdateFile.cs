namespace Fabric.Controller.Monitoring;

/// <summary>The log of UPDATEs on disk: one file after the other, each for a length of time.</summary>
/// <param name="nextName">Names the file that begins now.</param>
/// <param name="length">How long one is written to.</param>
internal sealed class MrtUpdateFile(Func<string> nextName, TimeSpan length, TimeProvider time) : IAsyncDisposable
{
    private FileStream? _stream;
    private DateTimeOffset _began;

    /// <summary>Appends whole records. Returns whether they begin a file.</summary>
    /// <exception cref="IOException">The records are not in the file, or none can be begun; the next ones try again.</exception>
    /// <exception cref="UnauthorizedAccessException">The same: the file may not be written.</exception>
    public async Task<bool> WriteAsync(ReadOnlyMemory<byte> records)
    {
        var now = time.GetUtcNow();
        if (now - _began >= length)
        {
            await DisposeAsync();
        }

        var isNew = _stream is null;
        if (_stream is null)
        {
            _stream = new FileStream(nextName(), FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            _began = now;
        }

        await MrtUpdateLog.AppendAsync(_stream, records);
        return isNew;
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is { } stream)
        {
            _stream = null;
            await stream.DisposeAsync();
        }
    }
}
