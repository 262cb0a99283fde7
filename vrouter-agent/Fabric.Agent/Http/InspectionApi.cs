using Fabric.Agent.Inspection;
using Fabric.Agent.Node;
using Fabric.Primitives;
using Fabric.Runtime;

namespace Fabric.Agent.Http;

/// <summary>
/// What operators and the fabric command look at; changes nothing. Answers are taken on the agent's loop: there are as many ports and VRFs as the host
/// has, and of routes no more than the query parameter "limit" says (1 to 100000, default 1000).
/// </summary>
internal sealed class InspectionApi(AgentNode node, IEventLoop loop, IpAddress address)
{
    private const int DefaultLimit = 1000;
    private const int MaxLimit = 100_000;

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

    private async Task<IResult> RoutesAsync(string? vrf, string? limit)
    {
        if (string.IsNullOrEmpty(vrf))
        {
            return Refuse(StatusCodes.Status400BadRequest, "The query lacks vrf=NAME, the VRF's fully qualified name.");
        }

        var most = DefaultLimit;
        if (limit is not null && (!int.TryParse(limit, out most) || most is < 1 or > MaxLimit))
        {
            return Refuse(StatusCodes.Status400BadRequest, $"limit is a number from 1 to {MaxLimit}.");
        }

        var routes = await loop.AskAsync(() => CoreViews.Routes(node.Core, vrf, address, most));
        return routes is null
            ? Refuse(StatusCodes.Status404NotFound, $"There is no VRF {vrf} here: no active port is in it.")
            : Results.Json(routes, ApiJson.Default.RoutesView);
    }

    private static IResult Refuse(int status, string reason) =>
        Results.Json(new ApiError(reason), ApiJson.Default.ApiError, statusCode: status);
}
