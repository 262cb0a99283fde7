using Fabric.Model.Config;

namespace Fabric.Controller.Api;

/// <summary>
/// The change feed: one transaction a line. Nothing is queued for a watcher: it reads the store at its own pace, so a slow one holds
/// nobody up and costs no memory.
/// </summary>
internal static class ConfigWatch
{
    public const string ContentType = "application/x-ndjson";

    private const int BatchSize = 100;

    public static async Task RunAsync(HttpContext context, long from, IConfigApi api)
    {
        var revision = from;
        var stopping = context.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var cancellation = ended.Token;
        try
        {
            while (!cancellation.IsCancellationRequested)
            {
                if (await api.ReadChangesAsync(revision, BatchSize) is not { } deltas)
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
