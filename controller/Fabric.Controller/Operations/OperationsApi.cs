using Fabric.Controller.Api;
using Fabric.Model.Config;
using Fabric.Runtime;

namespace Fabric.Controller.Operations;

/// <summary>What an operator does to running sessions; each is done on the routing loop, in one go.</summary>
internal static class OperationsApi
{
    private const string Summary =
        "Clear sessions: mode=soft-in asks for routes again, soft-out tells them again, soft is both, hard ends the session "
        + "and begins it anew; family= narrows a soft clear, message= is told with a hard one.";

    public static void MapOperations(this IEndpointRouteBuilder endpoints, ControlNode node)
    {
        endpoints.MapPost("/v1/bgp/neighbors/clear", (HttpRequest request) => ClearAllAsync(request, node)).Describe();
        endpoints
            .MapPost("/v1/bgp/neighbors/{name}/clear", (HttpRequest request, string name) => ClearAsync(request, node, name))
            .Describe()
            .Produces(StatusCodes.Status404NotFound, contentType: ApiProblem.ContentType)
            .Produces(StatusCodes.Status409Conflict, contentType: ApiProblem.ContentType);
    }

    // A dynamic neighbour may be forgotten under way.
    private static Task<IResult> ClearAllAsync(HttpRequest request, ControlNode node) =>
        RunAsync(request, node, clear => Answer([.. node.Speaker.Neighbors.ToList().Select(clear.Run)]));

    private static Task<IResult> ClearAsync(HttpRequest request, ControlNode node, string name) =>
        RunAsync(
            request,
            node,
            clear =>
            {
                if (node.Speaker.Find(name) is not { } neighbor)
                {
                    return ApiProblem.Result(
                        StatusCodes.Status404NotFound,
                        "Not found",
                        new ConfigError("$", $"There is no neighbour {name}.", "fabric bgp summary lists them.")
                    );
                }

                var cleared = clear.Run(neighbor);
                return cleared.Refusal is null
                    ? Answer([cleared])
                    : Results.Problem(statusCode: StatusCodes.Status409Conflict, title: $"{name} was not cleared: {cleared.Refusal}");
            }
        );

    private static IResult Answer(IReadOnlyList<ClearedNeighborDocument> cleared) =>
        Results.Json(new ClearedDocument(cleared), OperationsJson.Default.ClearedDocument);

    private static async Task<IResult> RunAsync(HttpRequest request, ControlNode node, Func<NeighborClear, IResult> run) =>
        ClearRequest.Read(request.Query, out var fault) is { } asked
            ? await node.Routes.Loop.AskAsync(() => run(new NeighborClear(node.Speaker, asked)))
            : Results.Problem(statusCode: StatusCodes.Status400BadRequest, title: fault);

    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder endpoint) =>
        endpoint
            .WithTags("operations")
            .WithSummary(Summary)
            .Produces<ClearedDocument>()
            .Produces(StatusCodes.Status400BadRequest, contentType: ApiProblem.ContentType);
}
