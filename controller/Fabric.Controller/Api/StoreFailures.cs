using Fabric.Config.Stores;
using Fabric.Model.Config;

namespace Fabric.Controller.Api;

/// <summary>A store that does not do its work, on a full disk for one, is an answer in words, and a line of the log.</summary>
internal sealed partial class StoreFailures(ILogger logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (ConfigStoreException failure)
        {
            LogFailed(failure.Message);
            await AnswerAsync(context.HttpContext, failure.Message);
            return Results.Empty;
        }
    }

    private static async Task AnswerAsync(HttpContext context, string message)
    {
        // A watch that has begun can only be cut off.
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        var error = new ConfigError("$", message, "Nothing was changed: mend what it says, then ask again.");
        await ApiProblem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "The store failed", [error]);
    }

    [LoggerMessage(1520, LogLevel.Error, "A request is refused: {Reason}")]
    private partial void LogFailed(string reason);
}
