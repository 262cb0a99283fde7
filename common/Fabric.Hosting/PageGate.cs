using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Fabric.Hosting;

/// <summary>
/// A browser on an operator's machine reaches what listens on that machine's loopback, and any page that it shows may send requests there. Those
/// carry where the page comes from (RFC 6454 section 7); programs say nothing of the kind.
/// </summary>
internal static class PageGate
{
    /// <summary>Refuses with words what a page of another server sends.</summary>
    public static void RefuseForeignPages(this IApplicationBuilder app) =>
        app.Use(
            static (context, next) =>
                context.Request.Headers[HeaderNames.Origin] is [{ } origin] && !IsOwn(origin, context.Request.Host)
                    ? HttpProblem.WriteAsync(
                        context,
                        StatusCodes.Status403Forbidden,
                        "Page of another server",
                        $"A page of {origin} may not use this API.",
                        "Use the fabric command, or a program of your own."
                    )
                    : next(context)
        );

    // "null" is the origin of a file, and of what does not want to say it.
    private static bool IsOwn(string origin, HostString host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var page) && page.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
