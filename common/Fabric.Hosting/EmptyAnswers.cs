using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Fabric.Hosting;

/// <summary>What routing and binding refuse has a status and nothing else: it is told in words.</summary>
internal static class EmptyAnswers
{
    private const string WhereToLook =
        "The API is described in docs/configuration.md and docs/operations.md; fabric-control also describes it itself, at /openapi/v1.json.";

    public static void SayWhatIsWrong(this IApplicationBuilder app) => app.UseStatusCodePages(page => SayAsync(page.HttpContext));

    private static Task SayAsync(HttpContext context)
    {
        var request = context.Request;
        var status = context.Response.StatusCode;
        var title = ReasonPhrases.GetReasonPhrase(status);
        var (message, nextStep) = status switch
        {
            StatusCodes.Status400BadRequest => (
                $"A part of {request.Path}{request.QueryString} is not of the kind that is expected there.",
                "Look at numbers, and at true and false. " + WhereToLook
            ),
            StatusCodes.Status404NotFound => ($"There is no {request.Path} here.", WhereToLook),
            StatusCodes.Status405MethodNotAllowed => (
                $"{request.Path} does not take {request.Method}.",
                $"It takes {context.Response.Headers[HeaderNames.Allow]}."
            ),
            StatusCodes.Status415UnsupportedMediaType => (
                $"The body is {request.ContentType ?? "of no type"}, which {request.Path} does not take.",
                "Send JSON, with the header Content-Type: application/json."
            ),
            _ => (title, WhereToLook),
        };
        return HttpProblem.WriteAsync(context, status, title, message, nextStep);
    }
}
