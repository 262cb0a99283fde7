using Fabric.Datapath.Host.Node;
using Fabric.Hosting.Metrics;
using Fabric.Runtime;

namespace Fabric.Datapath.Host.Inspection;

/// <summary>
/// Read-only HTTP: /inspect/... for operators (JSON), /metrics for Prometheus. Each answer is taken on the worker loop between packets;
/// the query parameter "limit" (1 to 100000, default 1000) bounds it.
/// </summary>
public static class InspectionApi
{
    private const int DefaultLimit = 1000;
    private const int MaxLimit = 100_000;

    public static void Map(IEndpointRouteBuilder routes, string nodeName, IEventLoop loop, DatapathNode node)
    {
        var inspector = new NodeInspector(nodeName, node);
        routes.MapGet("/inspect/status", Answer(loop, (_, _) => inspector.Status()));
        routes.MapGet("/inspect/flows", Answer(loop, (limit, _) => inspector.Flows(limit)));
        routes.MapGet("/inspect/vifs", Answer(loop, (limit, _) => inspector.Vifs(limit)));
        routes.MapGet("/inspect/vrfs", Answer(loop, (limit, _) => inspector.Vrfs(limit)));
        routes.MapGet("/inspect/routes", Answer(loop, (limit, query) => inspector.Routes(query["vrf"], limit)));
        routes.MapGet("/inspect/next-hops", Answer(loop, (limit, _) => inspector.NextHops(limit)));
        routes.MapGet("/inspect/labels", Answer(loop, (limit, _) => inspector.Labels(limit)));
        routes.MapGet("/inspect/drops", Answer(loop, (limit, _) => inspector.Drops(limit)));
        routes.MapGet("/inspect/access-lists", Answer(loop, (limit, _) => inspector.AccessLists(limit)));
        routes.MapGet(
            "/metrics",
            (RequestDelegate)(
                async context =>
                {
                    context.Response.ContentType = PrometheusText.ContentType;
                    await context.Response.WriteAsync(await loop.AskAsync(() => NodeMetrics.Write(node)));
                }
            )
        );
    }

    private static RequestDelegate Answer<T>(IEventLoop loop, Func<int, IQueryCollection, T?> question)
        where T : class =>
        async context =>
        {
            var limit = DefaultLimit;
            if (context.Request.Query.TryGetValue("limit", out var text) && (!int.TryParse(text, out limit) || limit is < 1 or > MaxLimit))
            {
                await Write(context, StatusCodes.Status400BadRequest, new ErrorRecord($"limit is a number from 1 to {MaxLimit}"));
                return;
            }

            var query = context.Request.Query;
            if (await loop.AskAsync(() => question(limit, query)) is { } answer)
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
