using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Fabric.Controller.Api;
using Fabric.Controller.Monitoring;
using Fabric.Model.Config;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Controller.Inspection;

/// <summary>Serves the inspection documents; each is made on the routing loop.</summary>
internal static class InspectionApi
{
    // A document is made between two turns of the routing loop, which serves nobody meanwhile.
    private const int DefaultLimit = 1_000;
    private const int MaxLimit = 100_000;

    public static void MapInspection(this IEndpointRouteBuilder endpoints, ControlNode node)
    {
        var json = InspectionJson.Default;
        var inspector = new Inspector(node);
        var (neighbors, routes) = (inspector.Neighbors, inspector.Routes);
        var loop = node.Routes.Loop;
        Map("/inspect/status", json.StatusDocument, _ => inspector.Status());
        Map("/inspect/bgp/summary", json.SummaryDocument, _ => neighbors.Summary());
        Map("/inspect/bgp/neighbors/{name}", json.NeighborDetailDocument, request => neighbors.Detail(Name(request)), NoNeighbor);
        Map(
            "/inspect/bgp/neighbors/{name}/received-routes",
            json.RoutesDocument,
            request => routes.Received(neighbors.Find(Name(request)), Family(request), Prefix(request), Limit(request)),
            NoNeighbor
        );
        Map(
            "/inspect/bgp/neighbors/{name}/advertised-routes",
            json.AdvertisedRoutesDocument,
            request => routes.Advertised(neighbors.Find(Name(request)), Family(request), Prefix(request), Limit(request)),
            NoNeighbor
        );
        Map("/inspect/bgp/memberships", json.MembershipsDocument, _ => routes.Memberships());
        Map("/inspect/bgp/routes", json.RoutesDocument, request => routes.Routes(Family(request), Prefix(request), Limit(request)));
        Map("/inspect/agents", json.AgentsDocument, _ => inspector.Agents());
        Map("/inspect/vrfs", json.VrfsDocument, _ => inspector.Vrfs());
        Map(
            "/inspect/routes",
            json.RoutesDocument,
            request => routes.VrfRoutes(request.Query["vrf"].ToString(), Prefix(request), Limit(request)),
            request => NoVrf(request.Query["vrf"].ToString(), routes)
        );
        endpoints.MapGet("/inspect/bgp/dump", context => DumpAsync(context, node));

        static (string, string) NoDocument(HttpRequest request) =>
            ($"There is nothing at {request.Path}{request.QueryString}.", "See docs/operations.md for what there is.");

        static (string, string) NoNeighbor(HttpRequest request) =>
            ($"There is no neighbour {Name(request)}.", "fabric bgp summary lists them.");

        void Map<T>(
            string path,
            JsonTypeInfo<T> type,
            Func<HttpRequest, T?> make,
            Func<HttpRequest, (string Message, string NextStep)>? missing = null
        )
            where T : class =>
            endpoints.MapGet(
                path,
                async context =>
                {
                    var request = context.Request;
                    if (Fault(request) is { } fault)
                    {
                        await Results.Problem(statusCode: 400, title: fault).ExecuteAsync(context);
                        return;
                    }

                    var (document, missed) = await loop.AskAsync(() =>
                        make(request) is { } made ? (made, default) : (default(T), (missing ?? NoDocument)(request))
                    );
                    await (
                        document is not null
                            ? Results.Json(document, type).ExecuteAsync(context)
                            : ApiProblem.WriteAsync(context, 404, "Not found", [new ConfigError("$", missed.Message, missed.NextStep)])
                    );
                }
            );
    }

    private static (string Message, string NextStep) NoVrf(string name, RouteInspector routes) =>
        routes.VrfsCalled(name) is { Count: > 1 } several
            ? ($"{several.Count} VRFs are called {name}, among them {several[0]} and {several[1]}.", "Say the whole name.")
            : ($"There is no VRF {name}.", "fabric bgp vrfs lists them.");

    /// <summary>An MRT file, as fast as the reader takes it: a part a turn of the loop, and none while the reader does not read.</summary>
    private static async Task DumpAsync(HttpContext context, ControlNode node)
    {
        var loop = node.Routes.Loop;
        var dump = await loop.AskAsync(() => new MrtDump(node));
        context.Response.ContentType = "application/octet-stream";
        while (await loop.AskAsync(dump.Next) is { } part)
        {
            await context.Response.Body.WriteAsync(part, context.RequestAborted);
        }
    }

    /// <summary>What is wrong with the query, or null; a word that is not understood is not passed over.</summary>
    private static string? Fault(HttpRequest request)
    {
        var query = request.Query;
        return query.ContainsKey("family") && !AddressFamily.TryParse(query["family"], out _) ? "family is no address family such as vpnv4"
            : query.ContainsKey("prefix") && RouteInspector.HasPrefix(Family(request)) && !IpPrefix.TryParse(query["prefix"], out _)
                ? "prefix is no prefix such as 10.1.0.3/32"
            : query.ContainsKey("limit") && !(TryLimit(request, out var limit) && limit is > 0 and <= MaxLimit)
                ? $"limit is no number from 1 to {MaxLimit}"
            : null;
    }

    private static string Name(HttpRequest request) => (string)request.RouteValues["name"]!;

    private static AddressFamily Family(HttpRequest request) =>
        AddressFamily.TryParse(request.Query["family"], out var family) ? family : AddressFamily.Vpnv4;

    private static string? Prefix(HttpRequest request) => request.Query["prefix"];

    private static int Limit(HttpRequest request) => TryLimit(request, out var limit) ? limit : DefaultLimit;

    private static bool TryLimit(HttpRequest request, out int limit) =>
        int.TryParse(request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out limit);
}
