using System.Text.Json.Nodes;
using Fabric.Lab.Machine;
using Fabric.Lab.Nodes;

namespace Fabric.Lab;

/// <summary>A flow as a data plane shows it: addresses and ports in the direction of its packets, the rule that decided, and why it drops (empty when it passes).</summary>
public sealed record ShownFlow(
    string Source,
    string Destination,
    int Protocol,
    int SourcePort,
    int DestinationPort,
    string DropReason,
    string Rule
);

/// <summary>A route as a control node or a data plane shows it.</summary>
public sealed record ShownRoute(string Prefix, bool Stale);

/// <summary>The inspection interface of a host's data plane.</summary>
public sealed class DatapathApi(string node) : NodeApi(node, "dp-api.sock")
{
    private const int Most = 100_000;

    /// <summary>What <c>fabric flows</c> shows of the host.</summary>
    public async Task<IReadOnlyList<ShownFlow>> FlowsAsync()
    {
        var output = await Command.MustAsync([.. Programs.Cli, "flows", "--json", "--node", Node]);
        return
        [
            .. Items(JsonNode.Parse(output)!, "items", "fabric flows")
                .Select(flow => new ShownFlow(
                    Text(flow, "source"),
                    Text(flow, "destination"),
                    Number(flow, "protocol"),
                    Number(flow, "source-port"),
                    Number(flow, "destination-port"),
                    Text(flow, "reason") is var reason && reason == "none" ? "" : reason,
                    Text(flow, "rule")
                )),
        ];
    }

    /// <summary>The routes of a network's VRF; none where there is no such VRF.</summary>
    public async Task<IReadOnlyList<ShownRoute>> RoutesAsync(string network) =>
        await VrfAsync(network) is { } vrf
            ?
            [
                .. (await ItemsAsync($"/inspect/routes?vrf={Number(vrf, "id")}&limit={Most}", "items")).Select(route => new ShownRoute(
                    Text(route, "prefix"),
                    Stale: false
                )),
            ]
            : [];

    public async Task<bool> HasVrfAsync(string network) => await VrfAsync(network) is not null;

    private async Task<JsonNode?> VrfAsync(string network) =>
        (await ItemsAsync($"/inspect/vrfs?limit={Most}", "items")).FirstOrDefault(vrf => IsOf(Text(vrf, "name"), network));
}
