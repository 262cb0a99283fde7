using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Fabric.Hosting;

/// <summary>
/// A refusal as problem details (RFC 9457), in the form of all errors of the API:
/// <code>{"type":"about:blank","title":..,"status":..,"detail":..,"errors":[{"path":"$","message":..,"next-step":..}]}</code>
/// </summary>
internal static class HttpProblem
{
    public const string ContentType = "application/problem+json";

    public static async Task WriteAsync(HttpContext context, int status, string title, string message, string nextStep)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        var body = Body(status, title, message, nextStep);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    public static byte[] Body(int status, string title, string message, string nextStep)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "about:blank");
            writer.WriteString("title", title);
            writer.WriteNumber("status", status);
            writer.WriteString("detail", message);
            writer.WriteStartArray("errors");
            writer.WriteStartObject();
            writer.WriteString("path", "$");
            writer.WriteString("message", message);
            writer.WriteString("next-step", nextStep);
            writer.WriteEndObject();
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return body.ToArray();
    }
}
