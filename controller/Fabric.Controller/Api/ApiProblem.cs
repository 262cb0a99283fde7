using Fabric.Config;
using Fabric.Hosting;
using Fabric.Model.Config;
using Microsoft.AspNetCore.WebUtilities;

namespace Fabric.Controller.Api;

/// <summary>Errors as problem details (RFC 9457), with every fault found and what to do about each.</summary>
internal static class ApiProblem
{
    public const string ContentType = HttpProblem.ContentType;

    public static Task WriteAsync(HttpContext context, ApplyResult refused) =>
        refused.Outcome switch
        {
            ApplyOutcome.Stale => WriteAsync(context, StatusCodes.Status412PreconditionFailed, "Changed in the meantime", refused.Errors),
            ApplyOutcome.NotFound => WriteAsync(context, StatusCodes.Status404NotFound, "No such object", refused.Errors),
            ApplyOutcome.Conflict => WriteAsync(context, StatusCodes.Status409Conflict, "Belongs to the options file", refused.Errors),
            _ => WriteAsync(context, StatusCodes.Status422UnprocessableEntity, "Invalid configuration", refused.Errors),
        };

    public static async Task WriteAsync(HttpContext context, int status, string title, IReadOnlyCollection<ConfigError> errors)
    {
        context.Response.StatusCode = status;
        await ApiJson.WriteAsync(
            context,
            ContentType,
            writer =>
                HttpProblem.Write(
                    writer,
                    status,
                    title,
                    Detail(status, errors),
                    errors.Select(error => (error.Path, error.Message, error.NextStep))
                )
        );
    }

    /// <summary>The same as the result of an endpoint.</summary>
    public static IResult Result(int status, string title, ConfigError error) => new ProblemResult(status, title, error);

    private sealed record ProblemResult(int Status, string Title, ConfigError Error) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => WriteAsync(httpContext, Status, Title, [Error]);
    }

    private static string Detail(int status, IReadOnlyCollection<ConfigError> errors) =>
        errors.Count switch
        {
            0 => ReasonPhrases.GetReasonPhrase(status),
            1 => errors.First().Message,
            >= ConfigError.MaxTold => $"More than {errors.Count - 1} errors, of which these are the first; nothing was changed.",
            _ => $"{errors.Count} errors; nothing was changed.",
        };
}
