using System.Text.Json;
using Fabric.Config;
using Fabric.Model.Config;
using Microsoft.AspNetCore.WebUtilities;

namespace Fabric.Controller.Api;

/// <summary>Errors as problem details (RFC 9457), with every fault found and what to do about each.</summary>
internal static class ApiProblem
{
    public const string ContentType = "application/problem+json";

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
            {
                writer.WriteStartObject();
                writer.WriteString("type", "about:blank");
                writer.WriteString("title", title);
                writer.WriteNumber("status", status);
                writer.WriteString("detail", Detail(status, errors));
                writer.WriteStartArray("errors");
                foreach (var error in errors)
                {
                    WriteError(writer, error);
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
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

    private static void WriteError(Utf8JsonWriter writer, ConfigError error)
    {
        writer.WriteStartObject();
        writer.WriteString("path", error.Path);
        writer.WriteString("message", error.Message);
        writer.WriteString("next-step", error.NextStep);
        writer.WriteEndObject();
    }
}
