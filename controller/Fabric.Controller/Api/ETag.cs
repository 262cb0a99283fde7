using System.Globalization;
using Fabric.Config;

namespace Fabric.Controller.Api;

/// <summary>A revision as an entity tag (RFC 9110 section 8.8.3): "7" in quotes.</summary>
internal static class ETag
{
    public static string Of(long revision) => $"\"{revision}\"";

    /// <summary>
    /// The revision that a writer expects: If-Match "7", If-Match * for an object that must exist (RFC 9110 section 13.1.1), or If-None-Match * for one
    /// that must not (0). False where a header is there and is none of these.
    /// </summary>
    public static bool TryReadExpected(IHeaderDictionary headers, out long? revision)
    {
        revision = null;
        if (headers.IfNoneMatch.Count > 0)
        {
            revision = 0;
            return headers.IfNoneMatch == "*";
        }

        if (headers.IfMatch.Count == 0)
        {
            return true;
        }

        var text = headers.IfMatch.ToString();
        if (text == "*")
        {
            revision = ConfigEdit.AnyRevision;
            return true;
        }

        var isTag = text.Length > 2 && text[0] == '"' && text[^1] == '"';
        if (!isTag || !long.TryParse(text.AsSpan(1, text.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var expected))
        {
            return false;
        }

        revision = expected;
        return true;
    }
}
