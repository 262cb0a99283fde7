using Fabric.Datapath.Host.Node;
using Fabric.Hosting.Loops;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.Inspection;

/// <summary>
/// Read-only HTTP: /inspect/... for operators (JSON). Each answer is taken on the worker loop between packets;
/// the query parameter "limit" (1 to 100000, default 1000) bounds it.
/// </summary>
public static class InspectionApi
{
    private const int DefaultLimit = 1000;
    private const int MaxLimit = 100_000;

    public static void Map(IEndpointRouteBuilder routes, string nodeName, LoopWatch watch, DatapathNode node)
    {
        var inspector = new NodeInspector(nodeName, node);
        routes.MapGet("/inspect/status", Answer(watch, (_, _) => inspector.Status()));
        routes.MapGet("/inspect/flows", Answer(watch, (limit, _) => inspector.Flows(limit)));
        routes.MapGet("/inspect/vifs", Answer(watch, (limit, _) => inspector.Vifs(limit)));
        routes.MapGet("/inspect/vrfs", Answer(watch, (limit, _) => inspector.Vrfs(limit)));
        routes.MapGet("/inspect/routes", Answer(watch, (limit, query) => inspector.Routes(query["vrf"], limit)));
        routes.MapGet("/inspect/next-hops", Answer(watch, (limit, _) => inspector.NextHops(limit)));
        routes.MapGet("/inspect/labels", Answer(watch, (limit, _) => inspector.Labels(limit)));
        routes.MapGet("/inspect/drops", Answer(watch, (limit, _) => inspector.Drops(limit)));
        routes.MapGet("/inspect/access-lists", Answer(watch, (limit, _) => inspector.AccessLists(limit)));
    }

    private static RequestDelegate Answer<T>(LoopWatch watch, Func<int, IQueryCollection, T?> question)
        where T : class =>
        async context =>
        {
            var limit = DefaultLimit;
            if (context.Request.Query.TryGetValue("limit", out var text) && (!int.TryParse(text, out limit) || limit is < 1 or > MaxLimit))
            {
                await Write(context, StatusCodes.Status400BadRequest, new ErrorRecord($"limit is a number from 1 to {MaxLimit}"));
                return;
            }

            if (watch.IsStuck)
            {
                var stuck = new ErrorRecord(
                    $"the worker loop has not run for {watch.Silence.TotalSeconds:F0} s; see the log, and restart fabric-dp"
                );
                await Write(context, StatusCodes.Status503ServiceUnavailable, stuck);
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

    private static Task Write<T>(HttpContext context, int status, T body)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(body, typeof(T), InspectionJson.Default);
    }
}
