using System.Globalization;
using Fabric.Runtime;
using Fabric.Wire.Mrt;

namespace Fabric.Controller.Monitoring;

/// <summary>
/// Off the loops: writes dumps of the tables and the log of UPDATEs into files that are named by their beginning, in UTC. A dump is written
/// beside and renamed when it is whole.
/// </summary>
internal sealed partial class MrtFiles : IAsyncDisposable
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    private readonly ControlNode _node;
    private readonly MrtOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly MrtUpdateLog? _log;
    private readonly List<Task> _tasks = [];

    /// <summary>To be made before the node starts.</summary>
    public MrtFiles(MrtOptions options, ControlNode node, TimeProvider time, ILogger logger)
    {
        _options = options;
        _node = node;
        _time = time;
        _logger = logger;
        if (options.LogsUpdates)
        {
            var local = new MrtPeer(node.Options.RouterId, Primitives.IpAddress.From(node.Options.Listen), node.Options.As);
            _log = new MrtUpdateLog(node.Routes.Loop, local);
            node.Speaker.Observe(_log);
        }
    }

    public void Start()
    {
        // Said now: the first file may be hours away.
        if (!Directory.Exists(_options.Folder))
        {
            LogNotWritten(_options.Folder, "there is no such folder; make it, with the rights to write in it");
        }

        if (_options.DumpInterval > TimeSpan.Zero)
        {
            _tasks.Add(Task.Run(DumpAsync));
        }

        if (_log is not null)
        {
            _tasks.Add(Task.Run(() => LogAsync(_log)));
        }
    }

    /// <summary>When the node has stopped and its routing loop still runs: what was logged so far is written.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        if (_log is not null)
        {
            await _node.Routes.Loop.RunAsync(_log.Dispose);
        }

        await Task.WhenAll(_tasks);
        _stop.Dispose();
    }

    private async Task DumpAsync()
    {
        using var timer = new PeriodicTimer(_options.DumpInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await DumpOnceAsync(NameOf("rib"));
                RemoveOld("rib");
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task DumpOnceAsync(string name)
    {
        var part = name + ".part";
        try
        {
            await using var stream = File.Create(part);
            try
            {
                var dump = await _node.Routes.Loop.AskAsync(() => new MrtDump(_node)).WaitAsync(_stop.Token);
                while (await _node.Routes.Loop.AskAsync(dump.Next).WaitAsync(_stop.Token) is { } bytes)
                {
                    await stream.WriteAsync(bytes, _stop.Token);
                }

                await stream.FlushAsync(_stop.Token);
                File.Move(part, name, overwrite: true);
            }
            finally
            {
                File.Delete(part);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(name, exception.Message);
        }
    }

    private async Task LogAsync(MrtUpdateLog log)
    {
        var lost = 0L;
        await using var file = new MrtUpdateFile(
            () => NameOf("updates"),
            _options.DumpInterval > TimeSpan.Zero ? _options.DumpInterval : s_day,
            _time
        );
        await foreach (var chunk in log.Chunks.ReadAllAsync())
        {
            try
            {
                if (await file.WriteAsync(chunk))
                {
                    RemoveOld("updates");
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogNotWritten("updates", exception.Message);
            }

            if (log.Lost > lost)
            {
                lost = log.Lost;
                LogLost(lost);
            }
        }
    }

    private void RemoveOld(string kind)
    {
        try
        {
            MrtRetention.Apply(_options.Folder, kind, _options.KeptFiles);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(kind, exception.Message);
        }
    }

    private string NameOf(string kind) =>
        Path.Combine(_options.Folder, string.Create(CultureInfo.InvariantCulture, $"{kind}.{_time.GetUtcNow():yyyyMMdd.HHmmss}.mrt"));

    [LoggerMessage(1401, LogLevel.Error, "MRT file {File} is not written: {Reason}")]
    private partial void LogNotWritten(string file, string reason);

    [LoggerMessage(1403, LogLevel.Warning, "Old MRT files '{Kind}' are not removed: {Reason}")]
    private partial void LogNotRemoved(string kind, string reason);

    [LoggerMessage(1402, LogLevel.Warning, "The MRT log of UPDATEs has lost {Chunks} chunks since the start: the disk does not keep up")]
    private partial void LogLost(long chunks);
}
