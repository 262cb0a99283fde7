using Fabric.Model.Config;

namespace Fabric.Controller.Api;

/// <summary>
/// The change feed: one transaction a line. Nothing is queued for a watcher: it reads the store at its own pace, so a slow one holds
/// nobody up and costs no memory.
/// </summary>
internal sealed class ConfigWatch(IConfigApi api, int most)
{
    public const string ContentType = "application/x-ndjson";

    // Changes, of which a transaction may have ten thousand: the config loop reads them, and serves nobody else meanwhile.
    private const int Enough = 1000;

    // Seconds.
    private const string RetryAfter = "30";

    private int _present;

    /// <summary>Answers with what comes after a revision, until the watcher goes; with a problem where too many are here.</summary>
    public async Task RunAsync(HttpContext context, long from)
    {
        try
        {
            await (Interlocked.Increment(ref _present) <= most ? FollowAsync(context, from) : RefuseAsync(context));
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }

    private async Task FollowAsync(HttpContext context, long from)
    {
        var revision = from;
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var cancellation = ended.Token;
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                if (await api.ReadChangesAsync(revision, Enough) is not { } deltas)
                {
                    await GoneAsync(context, revision);
                    return;
                }

                SetContentType(context.Response);
                foreach (var delta in deltas)
                {
                    await ApiJson.WriteAsync(context, writer => ApiJson.WriteDelta(writer, delta));
                    await context.Response.Body.WriteAsync("\n"u8.ToArray(), cancellation);
                    revision = delta.Revision;
                }

                await context.Response.Body.FlushAsync(cancellation);
                await api.WaitForChangeAsync(revision, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The watcher has gone, or the program ends, which would wait for the watcher otherwise.
        }
    }

    private Task RefuseAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = RetryAfter;
        var error = new ConfigError(
            "$",
            $"{most} clients watch the configuration, as many as may.",
            "Try again later, or raise api-watchers in the options file."
        );
        return ApiProblem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many watchers", [error]);
    }

    private static void SetContentType(HttpResponse response)
    {
        if (!response.HasStarted)
        {
            response.ContentType = ContentType;
        }
    }

    private static async Task GoneAsync(HttpContext context, long revision)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        var error = new ConfigError(
            "$",
            $"The transactions after revision {revision} are not here.",
            "List the objects anew, then watch from the revision in that ETag."
        );
        await ApiProblem.WriteAsync(context, StatusCodes.Status410Gone, "Revision not available", [error]);
    }
}
