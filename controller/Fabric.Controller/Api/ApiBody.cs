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
            var document = await JsonDocument.ParseAsync(context.Request.Body, Options, context.RequestAborted);
            if (IsText(document.RootElement))
            {
                return document;
            }

            document.Dispose();
            var error = new ConfigError(
                "$",
                "A text of the body is not Unicode: half of a surrogate pair, or octets that are no UTF-8.",
                "Correct it."
            );
            await ApiProblem.WriteAsync(context, StatusCodes.Status400BadRequest, "Malformed body", [error]);
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

    /// <summary>Whether all names and strings can be read. The parser looks at no string, and who reads one that is no text gets an exception.</summary>
    private static bool IsText(JsonElement element)
    {
        try
        {
            Read(element);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static void Read(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                {
                    Read(item);
                }

                break;
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                {
                    _ = property.Name;
                    Read(property.Value);
                }

                break;
        }
    }
}
