using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using YamlDotNet.Core;

namespace Fabric.Cli.Support;

/// <summary>
/// The .tar.gz: each part goes through the redactor on its way in, and the manifest says at the end what is there and what is not. Made
/// beside the file, for its owner alone, and renamed when it is whole.
/// </summary>
internal sealed class BundleArchive : IAsyncDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _file;
    private readonly Redactor _redactor;
    private readonly BundleLimits _limits;
    private readonly TimeProvider _time;
    private readonly Action<string> _progress;
    private readonly FileStream _stream;
    private readonly TarWriter _tar;
    private readonly List<ManifestPart> _parts = [];
    private long _bytes;
    private bool _isFinished;

    /// <exception cref="IOException">The file cannot be made.</exception>
    public BundleArchive(string file, Redactor redactor, BundleLimits limits, TimeProvider time, Action<string> progress)
    {
        (_file, _redactor, _limits, _time, _progress) = (file, redactor, limits, time, progress);
        File.Delete(PartFile);

        // A new file only: in a folder that others may write to, a link that somebody laid there is not followed.
        _stream = new FileStream(
            PartFile,
            new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = OwnerOnly,
            }
        );
        _tar = new TarWriter(new GZipStream(_stream, CompressionLevel.Optimal), TarEntryFormat.Pax);
    }

    private string PartFile => _file + ".part";

    /// <summary>Takes one part and says so; a failure of it is a line of the manifest.</summary>
    public async Task<Finding> AddAsync(string name, Func<Task<Finding>> take)
    {
        var began = Stopwatch.GetTimestamp();
        var finding = await TakeAsync(name, take);
        if (finding.Bytes is not null && _bytes + finding.Bytes.Length > _limits.BundleBytes)
        {
            finding = Finding.Missing($"left out: the bundle has reached its limit of {_limits.BundleBytes} octets");
        }

        var note = finding.Note is null ? null : _redactor.Text(finding.Note);
        _parts.Add(
            new ManifestPart(
                name,
                finding.Bytes is not null,
                finding.Bytes?.Length ?? 0,
                finding.IsCut,
                note,
                (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds
            )
        );
        _progress($"{name}: {Describe(finding, note)}");
        if (finding.Bytes is not null)
        {
            await WriteAsync(name, finding.Bytes);
        }

        return finding;
    }

    /// <summary>Adds the manifest and gives the file its name.</summary>
    public async Task FinishAsync(IReadOnlyList<string> nodes)
    {
        var manifest = new BundleManifest(
            BundleManifest.CurrentFormat,
            _time.GetUtcNow(),
            Environment.MachineName,
            typeof(BundleArchive).Assembly.GetName().Version!.ToString(3),
            nodes,
            _parts
        );
        await WriteAsync("manifest.json", JsonSerializer.SerializeToUtf8Bytes(manifest, BundleManifest.JsonOptions));
        await _tar.DisposeAsync();
        await _stream.DisposeAsync();
        File.Move(PartFile, _file, overwrite: true);
        _isFinished = true;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isFinished)
        {
            await _tar.DisposeAsync();
            await _stream.DisposeAsync();
            File.Delete(PartFile);
        }
    }

    private static string Describe(Finding finding, string? note) =>
        finding.Bytes is null ? $"not taken: {note}" : $"{finding.Bytes.Length} octets{(note is null ? "" : $" ({note})")}";

    private async Task<Finding> TakeAsync(string name, Func<Task<Finding>> take)
    {
        try
        {
            var finding = await take();
            return finding.Bytes is null || finding.IsClean ? finding : Clean(name, finding);
        }
        catch (Exception exception) when (IsPartsOwn(exception))
        {
            return Finding.Missing(exception.Message);
        }
    }

    /// <summary>A file that is not there or not readable, an answer that is not what its name says: the others go on.</summary>
    private static bool IsPartsOwn(Exception exception) =>
        exception
            is IOException
                or UnauthorizedAccessException
                or JsonException
                or YamlException
                or InvalidOperationException
                or CliException;

    private Finding Clean(string name, Finding finding) =>
        finding with
        {
            Bytes = name.EndsWith(".json", StringComparison.Ordinal)
                ? JsonRedaction.Copy(finding.Bytes, isWhole: !finding.IsCut, _redactor)
                : _redactor.Text(finding.Bytes),
            IsClean = true,
        };

    private async Task WriteAsync(string name, byte[] bytes)
    {
        _bytes += bytes.Length;
        using var data = new MemoryStream(bytes, writable: false);
        await _tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, name)
            {
                DataStream = data,
                Mode = OwnerOnly,
                ModificationTime = _time.GetUtcNow(),
            }
        );
    }
}
