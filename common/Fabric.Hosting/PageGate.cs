using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Fabric.Hosting;

/// <summary>
/// A browser on an operator's machine reaches what that machine reaches, and any page that it shows may send requests there. Those carry where the page
/// comes from (RFC 6454 section 7); programs say nothing of the kind. A page whose own name is made to lead here asks its own server, for all that the
/// browser knows (DNS rebinding): it is known by that name, which is none of this server's.
/// </summary>
internal static class PageGate
{
    /// <summary>Refuses with words what a page of another server sends.</summary>
    /// <param name="names">Names of this server, beside localhost.</param>
    public static void RefuseForeignPages(this IApplicationBuilder app, IEnumerable<string> names)
    {
        // Names below localhost lead nowhere else (RFC 6761 section 6.3).
        IList<Microsoft.Extensions.Primitives.StringSegment> known = ["localhost", "*.localhost", .. names];
        app.Use(
            (context, next) =>
            {
                var host = context.Request.Host;
                if (
                    !IsPrivate(context)
                    && host.HasValue
                    && !IPAddress.TryParse(host.Host, out _)
                    && !HostString.MatchesAny(host.Value, known)
                )
                {
                    return HttpProblem.WriteAsync(
                        context,
                        StatusCodes.Status421MisdirectedRequest,
                        "Not a name of this server",
                        $"The request is for {host.Value}, which is no name of this server.",
                        $"Use its address or localhost, or put {host.Host} into api-names in the options file, if it is this server's."
                    );
                }

                return context.Request.Headers[HeaderNames.Origin] is [{ } origin] && !IsOwn(origin, host)
                    ? HttpProblem.WriteAsync(
                        context,
                        StatusCodes.Status403Forbidden,
                        "Page of another server",
                        $"A page of {origin} may not use this API.",
                        "Use the fabric command, or a program of your own."
                    )
                    : next(context);
            }
        );
    }

    // No page reaches a unix socket.
    private static bool IsPrivate(HttpContext context) => context.Connection.LocalIpAddress is null;

    // "null" is the origin of a file, and of what does not want to say it.
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
