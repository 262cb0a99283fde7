using System.Text.Json;
using Fabric.Model.Config;
using Microsoft.AspNetCore.Http.Features;

namespace Fabric.Controller.Api;

/// <summary>Reads JSON bodies within limits.</summary>
internal static class ApiBody
{
    public const long MaxObjectBytes = 1 << 20;
    public const long MaxApplyBytes = 32 << 20;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>The document, or null after a problem was written.</summary>
    public static async Task<JsonDocument?> ReadAsync(HttpContext context, long maxBytes)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = maxBytes;
        }

        try
        {
            return await JsonDocument.ParseAsync(context.Request.Body, Options, context.RequestAborted);
        }
        catch (JsonException malformed)
        {
            var error = new ConfigError("$", $"The body is not JSON: {malformed.Message}", "Send one JSON value, in UTF-8.");
            await ApiProblem.WriteAsync(context, StatusCodes.Status400BadRequest, "Malformed body", [error]);
        }
        catch (BadHttpRequestException refused) when (refused.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            var error = new ConfigError("$", $"The body has more than {maxBytes} bytes.", "Split the request.");
            await ApiProblem.WriteAsync(context, refused.StatusCode, "Body too large", [error]);
        }

        return null;
    }
}
