using System.Text.Json.Nodes;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Lab;
using Fabric.Lab.Machine;

namespace Fabric.Interop.Speakers;

/// <summary>
/// GoBGP. It originates by commands alone, so its neighbours stay down from the start until it has been told all that it originates: what comes
/// after its End-of-RIB would be no part of its first table.
/// </summary>
internal sealed class GoBgpSpeaker(LanNode node, uint autonomousSystem, IReadOnlyList<Neighbor> neighbors)
    : Speaker(node, autonomousSystem, neighbors)
{
    private const string Program = "/usr/bin/gobgpd";
    private static readonly string[] s_origins = ["igp", "egp", "incomplete"];

    /// <summary>The table of what came in, before GoBGP's own choice of best paths.</summary>
    public override async Task<IReadOnlyList<Route>> ReceivedAsync(Family family)
    {
        var table = await TableAsync(family);
        return [.. table.SelectMany(entry => entry.Value!.AsArray().Select(path => Read(family, entry.Key, path!)))];
    }

    /// <summary>The NLRI that it got, in its words.</summary>
    public async Task<IReadOnlyList<string>> NamesAsync(Family family) => [.. (await TableAsync(family)).Select(entry => entry.Key)];

    public override Task<long> UpdatesReceivedAsync() => CountReceivedAsync("update");

    public override Task<long> RefreshesReceivedAsync() => CountReceivedAsync("refresh");

    /// <summary>Its API does not tell, its log does.</summary>
    public override Task<string> LastResetAsync() =>
        Task.FromResult(FullLog.Split('\n').LastOrDefault(line => line.Contains("Peer Down", StringComparison.Ordinal)) ?? "");

    /// <summary>A soft reset inwards reads its own table again, and asks nobody.</summary>
    public override Task RefreshAsync(Family family) => throw new NotSupportedException("GoBGP never sends ROUTE-REFRESH");

    public override Task ClearPrefixLimitAsync() => ShowAsync("neighbor", Neighbors[0].Address, "enable");

    public Task<string> ShowAsync(params IEnumerable<string> words) =>
        Command.MustAsync(["gobgp", "--target", $"unix:{Node.PathOf("api")}", .. words]);

    private async Task<JsonObject> TableAsync(Family family)
    {
        try
        {
            return JsonNode.Parse(await ShowAsync("neighbor", Neighbors[0].Address, "adj-in", "-a", Words(family), "-j")) as JsonObject
                ?? [];
        }
        catch (LabException exception) when (exception.Message.Contains("session is not established", StringComparison.Ordinal))
        {
            // What it says of an empty table of a session that is down; one with stale routes it shows.
            return [];
        }
    }

    private async Task<long> CountReceivedAsync(string type) =>
        (long?)JsonNode.Parse(await ShowAsync("neighbor", Neighbors[0].Address, "-j"))!["state"]!["messages"]!["received"]![type] ?? 0;

    protected override IReadOnlyList<string> Configure()
    {
        // What a crash has left would be in the way, and tells that it has been here before.
        var hasRunBefore = File.Exists(Node.PathOf("api"));
        File.Delete(Node.PathOf("api"));
        return
        [
            Program,
            .. hasRunBefore ? ["--graceful-restart"] : Array.Empty<string>(),
            "--api-hosts",
            $"unix://{Node.PathOf("api")}",
            "-f",
            Node.Write("gobgpd.toml", Configuration()),
        ];
    }

    protected override async Task OnStartedAsync()
    {
        await Poll.UntilAsync($"the API of {Name}", Eventually.Patience, async () => (await ShowAsync("global")).Length > 0);
        foreach (var route in Originated)
        {
            await ApplyAsync(null, route);
        }

        foreach (var neighbor in Neighbors)
        {
            await ShowAsync("neighbor", neighbor.Address, "enable");
        }
    }

    protected override Task ApplyAsync(Route? former, Route? current)
    {
        var route = (current ?? former)!;
        return ShowAsync([
            "global",
            "rib",
            current is null ? "del" : "add",
            "-a",
            Words(route.Family),
            .. Nlri(route),
            .. route.PathIdentifier is { } identifier ? ["identifier", $"{identifier}"] : Array.Empty<string>(),
            .. Attributes(route),
        ]);
    }

    private string Configuration() =>
        $"""
            [global.config]
              as = {As}
              router-id = "{Node.Address}"
              local-address-list = ["{LocalAddress}"]
            {Lines(Neighbors, Block)}
            """ + "\n";

    // After a restart it says nothing until it has been told everything: its own time for that is to be no way out.
    private static string Block(Neighbor neighbor) =>
        $"""
            [[neighbors]]
              [neighbors.config]
                neighbor-address = "{neighbor.Address}"
                peer-as = {neighbor.As}
                admin-down = true
                {(neighbor.Password is { } password ? $"auth-password = \"{password}\"" : "")}
              [neighbors.timers.config]
                connect-retry = 1
                idle-hold-time-after-reset = 1
                hold-time = {neighbor.HoldTime}
                keepalive-interval = {neighbor.HoldTime / 3}
              [neighbors.transport.config]
                passive-mode = {(neighbor.IsPassive ? "true" : "false")}
              [neighbors.ttl-security.config]
                enabled = {(neighbor.HasTtlSecurity ? "true" : "false")}
                ttl-min = 255
              [neighbors.add-paths.config]
                receive = {(neighbor.HasAddPath ? "true" : "false")}
                send-max = {(neighbor.HasAddPath ? byte.MaxValue : 0)}
              [neighbors.graceful-restart.config]
                enabled = {(neighbor.RestartTime > 0 ? "true" : "false")}
                restart-time = {neighbor.RestartTime}
                deferral-time = 3600
                long-lived-enabled = {(neighbor.LongLivedTime > 0 ? "true" : "false")}
            {Lines(neighbor.Families, family => Block(family, neighbor))}
            """;

    private static string Block(Family family, Neighbor neighbor) =>
        $"""
              [[neighbors.afi-safis]]
                [neighbors.afi-safis.config]
                  afi-safi-name = "{ConfigName(family)}"
                [neighbors.afi-safis.prefix-limit.config]
                  max-prefixes = {neighbor.PrefixLimit ?? 0}
                [neighbors.afi-safis.mp-graceful-restart.config]
                  enabled = {(neighbor.RestartTime > 0 ? "true" : "false")}
                [neighbors.afi-safis.long-lived-graceful-restart.config]
                  enabled = {(neighbor.LongLivedTime > 0 ? "true" : "false")}
                  restart-time = {neighbor.LongLivedTime}
            """;

    private static string ConfigName(Family family) =>
        family switch
        {
            Family.Ipv4 => "ipv4-unicast",
            Family.Ipv6 => "ipv6-unicast",
            Family.LabelledIpv4 => "ipv4-labelled-unicast",
            Family.LabelledIpv6 => "ipv6-labelled-unicast",
            Family.Vpnv4 => "l3vpn-ipv4-unicast",
            Family.Vpnv6 => "l3vpn-ipv6-unicast",
            Family.Evpn => "l2vpn-evpn",
            _ => "rtc",
        };

    private static string Words(Family family) =>
        family switch
        {
            Family.LabelledIpv4 => "ipv4-mpls",
            Family.LabelledIpv6 => "ipv6-mpls",
            Family.RouteTargets => "rtc",
            _ => family.ToString().ToLowerInvariant(),
        };

    private static IEnumerable<string> Nlri(Route route) =>
        route.Family switch
        {
            Family.Ipv4 or Family.Ipv6 => [route.Prefix],
            Family.LabelledIpv4 or Family.LabelledIpv6 => [route.Prefix, $"{route.Label}"],
            Family.Evpn when MacIp.FieldsOf(route) is var (mac, ip) => ["macadv", mac, ip, "etag", "0", .. Vpn(route)],
            _ => [route.Prefix, .. Vpn(route)],
        };

    private static IEnumerable<string> Vpn(Route route) =>
        ["label", $"{route.Label}", "rd", route.Distinguisher, "rt", .. route.RouteTargets.Split(' ')];

    private static IEnumerable<string> Attributes(Route route) =>
        [
            "nexthop",
            route.NextHop,
            .. route.MultiExitDisc is { } multiExitDisc ? ["med", $"{multiExitDisc}"] : Array.Empty<string>(),
            .. route.LocalPreference is { } preference ? ["local-pref", $"{preference}"] : Array.Empty<string>(),
            .. route.Communities == "" ? Array.Empty<string>() : ["community", route.Communities.Replace(' ', ',')],
            .. route.LargeCommunities == "" ? Array.Empty<string>() : ["large-community", route.LargeCommunities.Replace(' ', ',')],
        ];

    private static Route Read(Family family, string name, JsonNode path)
    {
        var attributes = path["attrs"]!.AsArray().ToDictionary(attribute => (int)attribute!["type"]!, attribute => attribute!);
        string Text(int type) => (string?)attributes.GetValueOrDefault(type)?["value"] ?? "";
        IEnumerable<JsonNode> List(int type, string key) =>
            (attributes.GetValueOrDefault(type)?[key] as JsonArray ?? []).Select(item => item!);
        // Of EVPN the type is outside.
        var nlri = family == Family.Evpn ? path["nlri"]!["value"]! : path["nlri"]!;
        return new Route
        {
            Family = family,
            Prefix = family switch
            {
                Family.Evpn => MacIp.Name((string?)nlri["mac"], (string?)nlri["ip"]),
                Family.RouteTargets => name,
                _ => (string)nlri["prefix"]!,
            },
            Distinguisher = nlri["rd"] is { } rd ? $"{rd["admin"]}:{rd["assigned"]}" : "",
            Label = (int?)(nlri["labels"] as JsonArray)?[0],
            NextHop = (string?)(attributes.GetValueOrDefault(14) ?? attributes.GetValueOrDefault(3))?["nexthop"] ?? "",
            Origin = s_origins[(int)attributes[1]["value"]!],
            AsPath = string.Join(
                ' ',
                List(2, "as_paths").SelectMany(segment => segment["asns"]!.AsArray()).Select(number => (uint)number!)
            ),
            MultiExitDisc = (int?)attributes.GetValueOrDefault(4)?["metric"],
            LocalPreference = (int?)attributes.GetValueOrDefault(5)?["value"],
            Communities = Route.Sorted(List(8, "communities").Select(community => Community((uint)community))),
            LargeCommunities = Route.Sorted(List(32, "value").Select(c => $"{c["ASN"]}:{c["LocalData1"]}:{c["LocalData2"]}")),
            // RFC 4360 section 4: sub-type 2 is the route target.
            RouteTargets = Route.Sorted(List(16, "value").Where(c => (int?)c["subtype"] == 2).Select(c => (string)c["value"]!)),
            OriginatorId = Text(9),
            ClusterList = string.Join(' ', List(10, "value").Select(id => (string)id!)),
        };
    }

    private static string Community(uint value) => $"{value >> 16}:{value & 0xFFFF}";
}
