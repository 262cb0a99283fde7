using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Fabric.Hosting;

/// <summary>
/// A refusal as problem details (RFC 9457), in the form of all errors of the API:
/// <code>{"type":"about:blank","title":..,"status":..,"detail":..,"errors":[{"path":"$","message":..,"next-step":..}]}</code>
/// </summary>
public static class HttpProblem
{
    public const string ContentType = "application/problem+json";

    internal static async Task WriteAsync(HttpContext context, int status, string title, string message, string nextStep)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = ContentType;
        var body = Body(status, title, message, nextStep);
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    internal static byte[] Body(int status, string title, string message, string nextStep)
    {
        using var body = new MemoryStream();
        using (var writer = new Utf8JsonWriter(body))
        {
            Write(writer, status, title, message, [("$", message, nextStep)]);
        }

        return body.ToArray();
    }

    /// <param name="errors">Each with where it is in what was sent, "$" being the whole.</param>
    public static void Write(
        Utf8JsonWriter writer,
        int status,
        string title,
        string detail,
        IEnumerable<(string Path, string Message, string NextStep)> errors
    )
    {
        writer.WriteStartObject();
        writer.WriteString("type", "about:blank");
        writer.WriteString("title", title);
        writer.WriteNumber("status", status);
        writer.WriteString("detail", detail);
        writer.WriteStartArray("errors");
        foreach (var (path, message, nextStep) in errors)
        {
            writer.WriteStartObject();
            writer.WriteString("path", path);
            writer.WriteString("message", message);
            writer.WriteString("next-step", nextStep);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
