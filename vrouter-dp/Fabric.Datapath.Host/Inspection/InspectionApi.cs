using Fabric.Datapath.Host.Node;
using Fabric.Datapath.Inspection;
using Fabric.Hosting.Loops;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.Inspection;

/// <summary>
/// Read-only HTTP: /inspect/... for operators (JSON). Each answer is taken on the first worker's loop between packets, and the latest drops on each
/// worker's; the query parameter "limit" (1 to 100000, default 1000) bounds it.
/// </summary>
public static class InspectionApi
{
    private const int DefaultLimit = 1000;
    private const int MaxLimit = 100_000;

    public static void Map(IEndpointRouteBuilder routes, string nodeName, IReadOnlyList<LoopWatch> watches, DatapathNode node)
    {
        var watch = watches[0];
        var inspector = new NodeInspector(nodeName, node);
        routes.MapGet("/inspect/status", Answer(watch, (_, _) => inspector.Status()));
        routes.MapGet("/inspect/flows", Answer(watch, (limit, _) => inspector.Flows(limit)));
        routes.MapGet("/inspect/vifs", Answer(watch, (limit, _) => inspector.Vifs(limit)));
        routes.MapGet("/inspect/vrfs", Answer(watch, (limit, _) => inspector.Vrfs(limit)));
        routes.MapGet("/inspect/routes", Answer(watch, (limit, query) => inspector.Routes(query["vrf"], limit)));
        routes.MapGet("/inspect/next-hops", Answer(watch, (limit, _) => inspector.NextHops(limit)));
        routes.MapGet("/inspect/labels", Answer(watch, (limit, _) => inspector.Labels(limit)));
        routes.MapGet("/inspect/drops", AnswerDrops(watches, inspector));
        routes.MapGet("/inspect/access-lists", Answer(watch, (limit, _) => inspector.AccessLists(limit)));
    }

    private static RequestDelegate Answer<T>(LoopWatch watch, Func<int, IQueryCollection, T?> question)
        where T : class =>
        async context =>
        {
            if (await TakeLimit(context, watch) is not { } limit)
            {
                return;
            }

            var query = context.Request.Query;
            if (await watch.Loop.AskAsync(() => question(limit, query)) is { } answer)
            {
                await Write(context, StatusCodes.Status200OK, answer);
            }
            else
            {
                await Write(context, StatusCodes.Status404NotFound, new ErrorRecord("there is no such VRF; /inspect/vrfs lists them"));
            }
        };

    // A worker that is stuck has nothing to say; counters are there all the same.
    private static RequestDelegate AnswerDrops(IReadOnlyList<LoopWatch> watches, NodeInspector inspector) =>
        async context =>
        {
            if (await TakeLimit(context, watches[0]) is not { } limit)
            {
                return;
            }

            var recent = new List<RecentDropRecord>();
            foreach (var (worker, watch) in watches.Index())
            {
                recent.AddRange(watch.IsStuck ? [] : await watch.Loop.AskAsync(() => inspector.RecentDrops(worker)));
            }

            await Write(context, StatusCodes.Status200OK, await watches[0].Loop.AskAsync(() => inspector.Drops(recent, limit)));
        };

    /// <summary>The limit that was asked for; null when the request was answered with what is wrong.</summary>
    private static async Task<int?> TakeLimit(HttpContext context, LoopWatch watch)
    {
        var limit = DefaultLimit;
        if (context.Request.Query.TryGetValue("limit", out var text) && (!int.TryParse(text, out limit) || limit is < 1 or > MaxLimit))
        {
            await Write(context, StatusCodes.Status400BadRequest, new ErrorRecord($"limit is a number from 1 to {MaxLimit}"));
            return null;
        }

        if (watch.IsStuck)
        {
            var stuck = new ErrorRecord(
                $"the worker loop has not run for {watch.Silence.TotalSeconds:F0} s; see the log, and restart fabric-dp"
            );
            await Write(context, StatusCodes.Status503ServiceUnavailable, stuck);
            return null;
        }

        return limit;
    }

    private static Task Write<T>(HttpContext context, int status, T body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body, typeof(T), InspectionJson.Default);
    }
}
