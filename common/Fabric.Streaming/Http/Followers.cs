using Fabric.Streaming.Journal;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Fabric.Streaming.Http;

/// <summary>Those who read the journal over HTTP: only so many, and none that is slower than the journal forgets.</summary>
internal sealed partial class Followers(int most, TimeProvider time, ILogger logger)
{
    private const int FlushBytes = 64 * 1024;

    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private int _present;

    public int Most => most;

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _present) <= most)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _present);

    /// <summary>Writes rows until there are no more, or, while following, until either side ends it.</summary>
    public async Task ServeAsync(HttpContext context, TopicJournal journal, JournalReader reader, RowWriter rows, bool isFollowing)
    {
        // The limit here is time without progress, not the server's octets a second: a quiet topic is no slow client.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        var stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            // The client hears that it is heard although there may be no row yet.
            await FlushAsync(context, rows, ended.Token);
            await FollowAsync(context, journal, reader, rows, isFollowing, ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The client went, or the program ends.
        }
    }

    private async Task FollowAsync(
        HttpContext context,
        TopicJournal journal,
        JournalReader reader,
        RowWriter rows,
        bool isFollowing,
        CancellationToken ended
    )
    {
        var missed = ulong.MaxValue;
        // A reply without following ends where the journal ended when it was asked for.
        var last = isFollowing ? ulong.MaxValue : journal.LastSequence;
        var idle = 0;
        while (reader.Position <= last)
        {
            var count = Fill(reader, rows, last);
            idle = count > 0 ? 0 : idle + 1;
            if (count > 0 && reader.Missed > missed)
            {
                rows.WriteEnd($"too slow: {reader.Missed - missed} rows were gone before they could be read");
                await FlushAsync(context, rows, ended);
                return;
            }

            if (count > 0)
            {
                // What was gone before the first row is no fault of the reader's.
                missed = reader.Missed;
                await FlushAsync(context, rows, ended);
            }
            else if (!isFollowing)
            {
                return;
            }
            else
            {
                await WaitAsync(context, journal.WhenFlushed(reader.Position), rows, idle, ended);
            }
        }
    }

    private static int Fill(JournalReader reader, RowWriter rows, ulong last)
    {
        var count = 0;
        while (rows.Pending < FlushBytes && reader.Position <= last && reader.TryRead(out var row))
        {
            rows.Write(row);
            count++;
        }

        return count;
    }

    private async Task WaitAsync(HttpContext context, Task flushed, RowWriter rows, int idle, CancellationToken ended)
    {
        if (flushed.IsCompleted && idle > 1)
        {
            // Rows that a fault of the disk hides are not asked for all the time.
            await Task.Delay(FaultPause, time, ended);
            return;
        }

        try
        {
            await flushed.WaitAsync(HeartbeatInterval, time, ended);
        }
        catch (TimeoutException)
        {
            rows.WriteHeartbeat();
            await FlushAsync(context, rows, ended);
        }
    }

    private async Task FlushAsync(HttpContext context, RowWriter rows, CancellationToken ended)
    {
        try
        {
            await rows.Output.FlushAsync(ended).AsTask().WaitAsync(WritePatience, time, ended);
        }
        catch (TimeoutException)
        {
            LogTooSlow(context.Request.Path, WritePatience.TotalSeconds);
            context.Abort();
            throw new OperationCanceledException(context.RequestAborted);
        }
    }

    [LoggerMessage(1620, LogLevel.Warning, "stream: a reader of {Path} was cut off: it took nothing for {Seconds} s")]
    private partial void LogTooSlow(string path, double seconds);
}
