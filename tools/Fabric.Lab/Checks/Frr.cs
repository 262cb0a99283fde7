using System.Text.Json.Nodes;
using Fabric.Lab.Definition;
using Fabric.Lab.Machine;

namespace Fabric.Lab.Checks;

/// <summary>A VPNv4 path as FRR shows it; <c>LastUpdate</c> is in seconds since 1970.</summary>
internal sealed record FrrPath(
    string RouteDistinguisher,
    int Label,
    string NextHop,
    string ExtendedCommunities,
    bool Stale,
    long LastUpdate
);

/// <summary>The FRR gateway, through its own command.</summary>
internal sealed class Frr(CheckContext context, LabGateway gateway)
{
    public LabGateway Gateway => gateway;

    public string VtyDirectory => context.Daemons.FrrVty(gateway);

    public Daemon Daemon => context.Daemons.Of(gateway)[0];

    /// <summary>What <c>show bgp ipv4 vpn PREFIX json</c> says: a mapping from route distinguisher to a list of paths.</summary>
    public async Task<IReadOnlyList<FrrPath>> PathsAsync(string prefix) => Parse(await ShowAsync($"show bgp ipv4 vpn {prefix} json"));

    public async Task ConfigureAsync(params string[] lines)
    {
        var output = await ShowAsync(["configure terminal", .. lines]);
        if (output.Contains('%', StringComparison.Ordinal))
        {
            throw new LabException($"FRR refused: {output.Trim()}");
        }
    }

    public Task<string> ShowAsync(params IEnumerable<string> commands) =>
        Command.MustAsync([
            "vtysh",
            "--vty_socket",
            VtyDirectory,
            "-d",
            "bgpd",
            .. commands.SelectMany(command => new[] { "-c", command }),
        ]);

    internal static IReadOnlyList<FrrPath> Parse(string json) =>
        [
            .. (JsonNode.Parse(json) as JsonObject ?? []).SelectMany(distinguisher =>
                (distinguisher.Value?["paths"] as JsonArray ?? []).OfType<JsonObject>().Select(path => Parse(distinguisher.Key, path))
            ),
        ];

    private static FrrPath Parse(string distinguisher, JsonObject path) =>
        new(
            distinguisher,
            (int?)path["remoteLabel"] ?? -1,
            (string?)path["nexthops"]?[0]?["ip"] ?? "",
            (string?)path["extendedCommunity"]?["string"] ?? "",
            (bool?)path["stale"] ?? false,
            (long?)path["lastUpdate"]?["epoch"] ?? 0
        );
}
