using System.Text.Json.Nodes;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Lab.Machine;

namespace Fabric.Interop.Speakers;

/// <summary>FRR's bgpd alone: without zebra, and with nothing for the kernel.</summary>
internal sealed class FrrSpeaker(LanNode node, uint autonomousSystem, IReadOnlyList<Neighbor> neighbors)
    : Speaker(node, autonomousSystem, neighbors)
{
    /// <summary>FRR's; <c>/usr/sbin/bgpd</c> would be OpenBGPD's.</summary>
    private const string Program = "/usr/lib/frr/bgpd";

    private const int CommunitiesPerLine = 100;

    public override async Task<IReadOnlyList<Route>> ReceivedAsync(Family family)
    {
        if (family == Family.Evpn)
        {
            return [.. MacIpRoutes(JsonNode.Parse(await ShowAsync("show bgp l2vpn evpn route detail json"))!)];
        }

        var table = $"show bgp {Words(family)}";
        var prefixes = Prefixes(family, JsonNode.Parse(await ShowAsync($"{table} json"))!["routes"]!.AsObject()).Distinct().ToList();
        if (prefixes.Count == 0)
        {
            return [];
        }

        // The table as JSON leaves out half of the attributes; a prefix by itself has them all. A document comes for each command.
        var documents = JsonDocuments.Of(await ShowAsync([.. prefixes.Select(prefix => $"{table} {prefix} json")]));
        return [.. prefixes.Zip(documents).SelectMany(pair => Paths(family, pair.First, pair.Second))];
    }

    public override async Task<long> UpdatesReceivedAsync() => (long)(await NeighborAsync())["messageStats"]!["updatesRecv"]!;

    public override async Task<long> RefreshesReceivedAsync() => (long)(await NeighborAsync())["messageStats"]!["routeRefreshRecv"]!;

    public override async Task<string> LastResetAsync()
    {
        var neighbor = await NeighborAsync();
        return $"{neighbor["lastResetDueTo"]} {neighbor["lastNotificationReason"]} {neighbor["lastShutdownDescription"]}";
    }

    /// <summary>How often a session with the first neighbour has come up.</summary>
    public async Task<long> TimesEstablishedAsync() => (long)(await NeighborAsync())["connectionsEstablished"]!;

    public override Task RefreshAsync(Family family) => ShowAsync($"clear bgp {Words(family)} {Neighbors[0].Address} soft in");

    public override Task ClearPrefixLimitAsync() => ClearAsync();

    /// <summary>Resets the session with the first neighbour.</summary>
    public Task ClearAsync() => ShowAsync($"clear bgp {Neighbors[0].Address}");

    /// <summary>The VPNv4 prefixes with a stale path from the first neighbour.</summary>
    public async Task<IReadOnlyList<string>> StaleAsync()
    {
        var stale = new List<string>();
        foreach (var route in await ReceivedAsync(Family.Vpnv4))
        {
            // It may have gone since.
            var entry = JsonNode.Parse(await ShowAsync($"show bgp ipv4 vpn {route.Prefix} json"))![route.Distinguisher];
            if (entry?["paths"] is JsonArray paths && paths.Any(path => (bool?)path!["stale"] == true))
            {
                stale.Add(route.Prefix);
            }
        }

        return stale;
    }

    /// <summary>Runs commands as an operator.</summary>
    public Task<string> ShowAsync(params IEnumerable<string> commands) =>
        Command.MustAsync(["vtysh", "--vty_socket", Node.Directory, "-d", "bgpd", .. commands.SelectMany(c => new[] { "-c", c })]);

    private async Task<JsonNode> NeighborAsync() =>
        JsonNode.Parse(await ShowAsync($"show bgp neighbors {Neighbors[0].Address} json"))![Neighbors[0].Address]!;

    // -n and -Z: no kernel and no zebra; -S: stay root, as the directories are not FRR's.
    protected override IReadOnlyList<string> Configure() =>
        [
            Program,
            .. "-n -Z -S -P 0 --log stdout --log-level debugging".Split(' '),
            "--vty_socket",
            Node.Directory,
            "-i",
            Node.PathOf("bgpd.pid"),
            "-f",
            Node.Write("bgpd.conf", Configuration()),
        ];

    protected override Task OnStartedAsync() =>
        Poll.UntilAsync($"the terminal of {Name}", Eventually.Patience, async () => (await ShowAsync("show version")).Length > 0);

    // A network that is there is not changed by saying it again.
    protected override Task ApplyAsync(Route? former, Route? current) =>
        ShowAsync([
            "configure terminal",
            .. current is null ? [] : RouteMap(current),
            $"router bgp {As}",
            $"address-family {Words((former ?? current)!.Family)}",
            .. former is null ? Array.Empty<string>() : [$"no {Network(former).Split(" route-map")[0]}"],
            // What it leaves would be a part of the next one's.
            current is null
                ? $"no route-map {MapName(former!)}"
                : Network(current),
        ]);

    // A network whose route map is not there yet is not announced: maps first.
    private string Configuration() =>
        $"""
            frr version 8.4
            frr defaults traditional
            {Lines(Originated.SelectMany(RouteMap), line => line)}
            router bgp {As}
             bgp router-id {Node.Address}
             no bgp default ipv4-unicast
             no bgp ebgp-requires-policy
             no bgp network import-check
            {Lines(Neighbors.Where(neighbor => neighbor.RestartTime > 0).Take(1), RestartLines)}
            {Lines(Neighbors, NeighborLines)}
            {Lines(Enum.GetValues<Family>().Where(Speaks), FamilyLines)}
            """ + "\n";

    private bool Speaks(Family family) => Neighbors.Any(neighbor => neighbor.Families.Contains(family));

    private static string RestartLines(Neighbor neighbor) =>
        (neighbor.LongLivedTime > 0 ? $" bgp long-lived-graceful-restart stale-time {neighbor.LongLivedTime}\n" : "")
        + $" bgp graceful-restart\n bgp graceful-restart restart-time {neighbor.RestartTime}\n bgp graceful-restart preserve-fw-state";

    private static string NeighborLines(Neighbor neighbor) =>
        string.Join(
            '\n',
            [
                $" neighbor {neighbor.Address} remote-as {neighbor.As}",
                $" neighbor {neighbor.Address} timers connect 1",
                $" neighbor {neighbor.Address} timers {neighbor.HoldTime / 3} {neighbor.HoldTime}",
                .. neighbor.HasExtendedNextHop ? [$" neighbor {neighbor.Address} capability extended-nexthop"] : Array.Empty<string>(),
                .. neighbor.IsPassive ? [$" neighbor {neighbor.Address} passive"] : Array.Empty<string>(),
                .. neighbor.HasTtlSecurity ? [$" neighbor {neighbor.Address} ttl-security hops 1"] : Array.Empty<string>(),
                .. neighbor.LocalRole is { } role ? [$" neighbor {neighbor.Address} local-role {role}"] : Array.Empty<string>(),
                .. neighbor.Password is { } password ? [$" neighbor {neighbor.Address} password {password}"] : Array.Empty<string>(),
            ]
        );

    private string FamilyLines(Family family) =>
        $"""
             address-family {Words(family)}
            {Lines(
                Neighbors.Where(neighbor => neighbor.Families.Contains(family)),
                neighbor =>
                    $"  neighbor {neighbor.Address} activate\n  neighbor {neighbor.Address} attribute-unchanged next-hop"
                    + (neighbor.HasAddPath ? $"\n  neighbor {neighbor.Address} addpath-tx-all-paths" : "")
                    + (neighbor.PrefixLimit is { } limit ? $"\n  neighbor {neighbor.Address} maximum-prefix {limit}" : "")
            )}
            {Lines(Originated.Where(route => route.Family == family), route => $"  {Network(route)}")}
             exit-address-family
            """;

    private static string Words(Family family) =>
        family switch
        {
            Family.Ipv4 => "ipv4 unicast",
            Family.Ipv6 => "ipv6 unicast",
            Family.LabelledIpv4 => "ipv4 labeled-unicast",
            Family.LabelledIpv6 => "ipv6 labeled-unicast",
            Family.Vpnv4 => "ipv4 vpn",
            Family.Vpnv6 => "ipv6 vpn",
            Family.Evpn => "l2vpn evpn",
            _ => throw new ArgumentOutOfRangeException(nameof(family), family, "FRR 8.4 does not speak it"),
        };

    private static string Network(Route route) =>
        $"network {route.Prefix}{(route.Distinguisher == "" ? "" : $" rd {route.Distinguisher} label {route.Label}")} route-map {MapName(route)}";

    private static string MapName(Route route) => $"{route.Family}-{route.Prefix.Replace('/', '-')}";

    /// <summary>A line has room for some large communities; what further ones are added.</summary>
    private static IEnumerable<string> RouteMap(Route route)
    {
        var communities = route.LargeCommunities.Split(' ').Chunk(CommunitiesPerLine).Select(line => string.Join(' ', line)).ToList();
        return
        [
            $"route-map {MapName(route)} permit 10",
            $"set {(route.NextHop.Contains(':') ? "ipv6 next-hop global" : "ip next-hop")} {route.NextHop}",
            $"set origin {route.Origin}",
            .. Set("metric", route.MultiExitDisc),
            .. Set("local-preference", route.LocalPreference),
            .. Set("community", route.Communities),
            .. Set("large-community", communities[0]),
            .. Set("extcommunity rt", route.RouteTargets),
            .. communities
                .Skip(1)
                .SelectMany(
                    (line, number) =>
                        new[]
                        {
                            "on-match next",
                            $"route-map {MapName(route)} permit {20 + number}",
                            $"set large-community {line} additive",
                        }
                ),
            "exit",
        ];
    }

    private static IEnumerable<string> Set(string attribute, object? value) => value is null or "" ? [] : [$"set {attribute} {value}"];

    private static IEnumerable<string> Prefixes(Family family, JsonObject routes) =>
        family.HasDistinguisher()
            ? routes["routeDistinguishers"]!.AsObject().SelectMany(distinguisher => distinguisher.Value!.AsObject()).Select(p => p.Key)
            : routes.Select(prefix => prefix.Key);

    private IEnumerable<Route> Paths(Family family, string prefix, JsonNode document) =>
        family.HasDistinguisher()
            ? document.AsObject().SelectMany(entry => Paths(family, prefix, entry.Key, entry.Value!))
            : Paths(family, prefix, "", document);

    private IEnumerable<Route> Paths(Family family, string prefix, string distinguisher, JsonNode entry) =>
        (entry["paths"] as JsonArray ?? []).Where(IsReceived).Select(path => Read(family, prefix, distinguisher, path!));

    private bool IsReceived(JsonNode? path) => (string?)path!["peer"]?["peerId"] == Neighbors[0].Address;

    /// <summary>One document has all routes of all types; of each prefix there are lists of paths.</summary>
    private IEnumerable<Route> MacIpRoutes(JsonNode document) =>
        from distinguisher in document.AsObject()
        where distinguisher.Value is JsonObject
        from entry in distinguisher.Value!.AsObject()
        where entry.Value is JsonObject && (int?)entry.Value["routeType"] == 2
        from path in entry.Value!["paths"]!.AsArray().SelectMany(paths => paths!.AsArray())
        where IsReceived(path)
        let name = MacIp.Name((string?)entry.Value["mac"], (string?)entry.Value["ip"])
        select Read(Family.Evpn, name, distinguisher.Key, path) with
        {
            Label = int.Parse((string)path["vni"]!),
        };

    private static Route Read(Family family, string prefix, string distinguisher, JsonNode path) =>
        new()
        {
            Family = family,
            Prefix = prefix,
            Distinguisher = distinguisher,
            Label = (int?)path["remoteLabel"],
            NextHop = (string?)path["nexthops"]?[0]?["ip"] ?? "",
            Origin = ((string)path["origin"]!).ToLowerInvariant(),
            AsPath = (string)path["aspath"]!["string"]! is var words && words == "Local" ? "" : words,
            MultiExitDisc = (int?)path["metric"],
            LocalPreference = (int?)path["locPrf"],
            Communities = (string?)path["community"]?["string"] ?? "",
            LargeCommunities = (string?)path["largeCommunity"]?["string"] ?? "",
            RouteTargets = Targets((string?)path["extendedCommunity"]?["string"] ?? ""),
            OnlyToCustomer = (long?)path["otc"],
            OriginatorId = (string?)path["originatorId"] ?? "",
            ClusterList = string.Join(' ', (path["clusterList"]?["list"] as JsonArray ?? []).Select(id => (string)id!)),
        };

    private static string Targets(string extendedCommunities) =>
        Route.Sorted(
            extendedCommunities.Split(' ').Where(word => word.StartsWith("RT:", StringComparison.Ordinal)).Select(word => word[3..])
        );
}
