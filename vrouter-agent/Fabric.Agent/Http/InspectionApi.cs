using Fabric.Agent.Inspection;
using Fabric.Agent.Node;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Agent.Http;

/// <summary>What operators and the fabric command look at; changes nothing.</summary>
internal sealed class InspectionApi(AgentNode node, IEventLoop loop, IpAddress address)
{
    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/inspect/status", async () => Results.Json(await loop.AskAsync(node.Status), ApiJson.Default.AgentStatus));
        routes.MapGet(
            "/inspect/ports",
            async () => Results.Json(new PortsView(await loop.AskAsync(() => CoreViews.Ports(node.Core))), ApiJson.Default.PortsView)
        );
        routes.MapGet(
            "/inspect/vrfs",
            async () => Results.Json(new VrfsView(await loop.AskAsync(() => CoreViews.Vrfs(node.Core, address))), ApiJson.Default.VrfsView)
        );
        routes.MapGet("/inspect/routes", RoutesAsync);
    }

    private async Task<IResult> RoutesAsync(string? vrf)
    {
        if (string.IsNullOrEmpty(vrf))
        {
            return Results.Json(
                new ApiError("The query lacks vrf=NAME, the VRF's fully qualified name."),
                ApiJson.Default.ApiError,
                statusCode: StatusCodes.Status400BadRequest
            );
        }

        var routes = await loop.AskAsync(() => CoreViews.Routes(node.Core, vrf, address));
        return routes is null
            ? Results.Json(
                new ApiError($"There is no VRF {vrf} here: no active port is in it."),
                ApiJson.Default.ApiError,
                statusCode: StatusCodes.Status404NotFound
            )
            : Results.Json(new RoutesView(routes), ApiJson.Default.RoutesView);
    }
}
