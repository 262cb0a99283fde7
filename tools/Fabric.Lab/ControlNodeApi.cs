using System.Text.Json.Nodes;

namespace Fabric.Lab;

/// <summary>A control node's API: configuration objects and inspection.</summary>
public sealed class ControlNodeApi(string node) : NodeApi(node, "api.sock")
{
    // Where objects are that name no project.
    private const string Project = "default-project";
    private const string TargetScheme = "target:";

    public Task ApplyAsync(JsonArray objects) => PostAsync("/v1/apply", objects);

    public Task DeleteAsync(string kind, string name) => DeleteAsync($"/v1/{kind}s/{name}?project={Project}");

    /// <summary>The route target that the network exports and imports, as BGP speakers write it: <c>64512:8000001</c>.</summary>
    public async Task<string> RouteTargetAsync(string network)
    {
        var target = Text(await GetAsync($"/v1/virtual-networks/{network}?project={Project}"), "route-target");
        return target.StartsWith(TargetScheme, StringComparison.Ordinal) ? target[TargetScheme.Length..] : target;
    }

    /// <summary>The BGP neighbours whose sessions are not established.</summary>
    public async Task<IReadOnlyList<string>> NeighborsDownAsync() =>
        [
            .. (await ItemsAsync("/inspect/bgp/summary", "neighbors"))
                .Where(neighbor => Text(neighbor, "state") != "Established")
                .Select(neighbor => Text(neighbor, "name")),
        ];

    /// <summary>The routes of a network's VRF; none where there is no such VRF.</summary>
    public async Task<IReadOnlyList<ShownRoute>> RoutesAsync(string network)
    {
        var vrf = (await ItemsAsync("/inspect/vrfs", "vrfs"))
            .Select(entry => Text(entry, "name"))
            .FirstOrDefault(name => IsOf(name, network));
        return vrf is null
            ? []
            :
            [
                .. (await ItemsAsync($"/inspect/routes?vrf={Uri.EscapeDataString(vrf)}", "routes")).Select(route => new ShownRoute(
                    Text(route, "prefix"),
                    (bool?)route["stale"] ?? false
                )),
            ];
    }
}
