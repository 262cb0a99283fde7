using System.Globalization;
using Fabric.Analytics;
using Fabric.Streaming.Journal;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Fabric.Streaming.Http;

/// <summary>
/// GET /stream/TOPIC?from=SEQUENCE|oldest|latest&amp;follow=true|false: a topic's rows from the journal, as server-sent events where the client accepts
/// text/event-stream, as lines of JSON otherwise. Followed unless said otherwise: events yes, lines no.
/// </summary>
public static class StreamEndpoints
{
    private const string EventStreamType = "text/event-stream";

    /// <summary>Mounts the endpoint.</summary>
    public static IEndpointConventionBuilder MapStream(
        this IEndpointRouteBuilder routes,
        EventStream stream,
        TimeProvider time,
        ILogger logger
    )
    {
        var followers = new Followers(stream.Options.MaxFollowers, time, logger);
        return routes.MapGet("/stream/{topic}", context => AnswerAsync(context, stream, followers));
    }

    private static async Task AnswerAsync(HttpContext context, EventStream stream, Followers followers)
    {
        var name = (string)context.Request.RouteValues["topic"]!;
        if (Topic.Find(name) is not { } topic)
        {
            var known = string.Join(", ", Topic.All.Select(known => known.ShortName));
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"there is no topic '{name}'; known are {known}");
            return;
        }

        var journal = stream.JournalOf(topic);
        if (!TryReadFrom(context.Request, journal, out var from))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "from is a sequence, oldest or latest");
            return;
        }

        if (from > journal.NextSequence)
        {
            // Waiting for it would pass over all rows until then without a word.
            var reason =
                $"row {from} is not here, the last one is {journal.LastSequence}: the journal was lost, or it is another program's; ask from=oldest";
            await RefuseAsync(context, StatusCodes.Status410Gone, reason);
            return;
        }

        var isEvents = context.Request.Headers.Accept.ToString().Contains(EventStreamType, StringComparison.OrdinalIgnoreCase);
        var follow = (string?)context.Request.Query["follow"];
        if (follow is not (null or "" or "true" or "false"))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "follow is true or false");
            return;
        }

        if (!followers.TryEnter())
        {
            context.Response.Headers.RetryAfter = "30";
            var reason = $"{followers.Most} readers are here already; try again later, or raise stream.followers in the options file";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, reason);
            return;
        }

        try
        {
            var rows = new RowWriter(context.Response.BodyWriter, topic, isEvents);
            context.Response.ContentType = isEvents ? EventStreamType : "application/x-ndjson";
            context.Response.Headers.CacheControl = "no-store";
            using var reader = new JournalReader(journal, from);
            // "?follow" alone means yes.
            await followers.ServeAsync(context, journal, reader, rows, isFollowing: follow is null ? isEvents : follow != "false");
        }
        finally
        {
            followers.Leave();
        }
    }

    // A browser that connects again says which event it had last.
    private static bool TryReadFrom(HttpRequest request, TopicJournal journal, out ulong from)
    {
        if (ulong.TryParse(request.Headers["Last-Event-ID"], NumberStyles.None, CultureInfo.InvariantCulture, out var last))
        {
            from = last + 1;
            return true;
        }

        from = journal.OldestSequence;
        switch ((string?)request.Query["from"])
        {
            case null or "" or "oldest":
                return true;
            case "latest":
                from = journal.LastSequence + 1;
                return true;
            case var text:
                return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out from);
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(reason + "\n");
    }
}
