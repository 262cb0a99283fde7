using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Lab.Machine;

namespace Fabric.Interop.Speakers;

/// <summary>OpenBGPD. Outside of OpenBSD it originates no VPN routes, as it wants an mpe(4) interface for that; it relays them.</summary>
internal sealed partial class OpenBgpdSpeaker(LanNode node, uint autonomousSystem, IReadOnlyList<Neighbor> neighbors)
    : Speaker(node, autonomousSystem, neighbors)
{
    private const string Program = "/usr/sbin/bgpd";

    // Its children change their root to their user's home, which Debian's package leaves to the service manager to make.
    private const string Home = "/run/openbgpd";

    /// <summary>Without loops, which it shows as not eligible.</summary>
    public override async Task<IReadOnlyList<Route>> ReceivedAsync(Family family) =>
        [
            .. Routes(await ShowAsync("-j", "show", "rib", "detail"), Neighbors[0].Address, family)
                .Where(route => !route.AsPath.Split(' ').Contains($"{As}")),
        ];

    /// <summary>
    /// What is in a dump of another speaker (RFC 6396) from one of its neighbours. This version leaves out the last braces of its answer, and complains in
    /// it of families that it does not know.
    /// </summary>
    public static async Task<IReadOnlyList<Route>> ReadDumpAsync(string file, string neighbor, Family family)
    {
        var answer = await Command.MustAsync("bgpctl", "-j", "show", "mrt", "detail", "file", file);
        return Routes(Closed(UnknownFamily().Replace(answer, "")), neighbor, family);
    }

    /// <summary>It keeps labels and does not show them.</summary>
    public override Route AsShown(Route route) => route with { Label = null, MultiExitDisc = route.MultiExitDisc ?? 0 };

    public override async Task<long> UpdatesReceivedAsync() => (long)(await NeighborAsync())["stats"]!["update"]!["received"]!["updates"]!;

    public override async Task<long> RefreshesReceivedAsync() =>
        (long)(await NeighborAsync())["stats"]!["route-refresh"]!["received"]!["request"]!;

    /// <summary>It shows the operator's words, and logs the rest.</summary>
    public override async Task<string> LastResetAsync() =>
        $"{FullLog.Split('\n').LastOrDefault(line => line.Contains("notification", StringComparison.Ordinal))} {(await NeighborAsync())["last_shutdown_reason"]}";

    /// <summary>It asks for all families of the session.</summary>
    public override Task RefreshAsync(Family family) => ShowAsync("neighbor", Neighbors[0].Address, "refresh");

    public override Task ClearPrefixLimitAsync() => ShowAsync("neighbor", Neighbors[0].Address, "clear");

    public Task<string> ShowAsync(params IEnumerable<string> words) =>
        Command.MustAsync(["bgpctl", "-s", Node.PathOf("control"), .. words]);

    /// <summary>Of the session with the first neighbour, such as <c>Established</c>.</summary>
    public async Task<string> StateAsync() => (string)(await NeighborAsync())["state"]!;

    private async Task<JsonNode> NeighborAsync() =>
        JsonNode.Parse(await ShowAsync("-j", "show", "neighbor", Neighbors[0].Address))!["neighbors"]![0]!;

    protected override IReadOnlyList<string> Configure()
    {
        Directory.CreateDirectory(Home);
        return [Program, "-d", "-v", "-f", WriteConfiguration()];
    }

    protected override Task OnStartedAsync() =>
        Poll.UntilAsync($"the control socket of {Name}", Eventually.Patience, async () => (await ShowAsync("show")).Length > 0);

    protected override async Task ApplyAsync(Route? former, Route? current)
    {
        WriteConfiguration();
        await ShowAsync("reload");
    }

    private string WriteConfiguration()
    {
        var file = Node.Write("bgpd.conf", Configuration());
        // It refuses a configuration that others may read.
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return file;
    }

    private string Configuration() =>
        $"""
            AS {As}
            router-id {Node.Address}
            listen on {LocalAddress}
            socket "{Node.PathOf("control")}"
            fib-update no
            {Lines(Originated, Network)}
            {Lines(Neighbors, Block)}
            allow from any
            allow to any
            match to any set nexthop no-modify
            """ + "\n";

    private static string Network(Route route) =>
        $"network {route.Prefix} set {{ {string.Join(' ',
        [
            $"nexthop {route.NextHop}",
            .. route.MultiExitDisc is { } multiExitDisc ? [$"metric {multiExitDisc}"] : Array.Empty<string>(),
            .. route.LocalPreference is { } preference ? [$"localpref {preference}"] : Array.Empty<string>(),
            .. Each("community", route.Communities),
            .. Each("large-community", route.LargeCommunities),
            .. Each("ext-community rt", route.RouteTargets),
        ])} }}";

    private static IEnumerable<string> Each(string word, string values) =>
        values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(value => $"{word} {value}");

    private string Block(Neighbor neighbor) =>
        $$"""
            neighbor {{neighbor.Address}} {
              remote-as {{neighbor.As}}
              local-address {{LocalAddress}}
              holdtime {{neighbor.HoldTime}}
              {{(neighbor.HasTtlSecurity ? "ttl-security yes" : "")}}
              {{(neighbor.PrefixLimit is { } limit ? $"max-prefix {limit}" : "")}}
              {{(neighbor.HasAddPath ? "announce add-path recv yes\n  announce add-path send all" : "")}}
              {{(neighbor.IsPassive ? "passive" : "")}}
              {{(neighbor.IsClient ? $"route-reflector {Node.Address}" : "")}}
              {{(neighbor.Password is { } password ? $"tcp md5sig password {password}" : "")}}
              announce IPv4 none
              announce IPv6 none
            {{Lines(neighbor.Families, family => $"  announce {Words(family)}")}}
            }
            """;

    private static string Words(Family family) =>
        $"{(family.IsIpv6() ? "IPv6" : "IPv4")} {(family.HasDistinguisher() ? "vpn" : "unicast")}";

    /// <summary>One answer has all families: a family's own name would leave out the VPN routes.</summary>
    private static bool IsOf(Family family, string prefix) =>
        prefix.StartsWith("rd ", StringComparison.Ordinal) == family.HasDistinguisher()
        && prefix.Split(' ')[^1].Contains(':') == family.IsIpv6();

    /// <summary>With the braces that are left open; there are none in its strings.</summary>
    private static string Closed(string json)
    {
        var open = new Stack<char>();
        foreach (var character in json)
        {
            switch (character)
            {
                case '{' or '[':
                    open.Push(character == '{' ? '}' : ']');
                    break;
                case '}' or ']':
                    open.Pop();
                    break;
            }
        }

        return json + string.Concat(open);
    }

    private static IReadOnlyList<Route> Routes(string answer, string neighbor, Family family) =>
        [
            .. (JsonNode.Parse(answer)!["rib"] as JsonArray ?? [])
                .Where(entry => (string?)entry!["neighbor"]!["remote_addr"] == neighbor)
                .Where(entry => IsOf(family, (string)entry!["prefix"]!))
                .Select(entry => Read(family, entry!)),
        ];

    private static Route Read(Family family, JsonNode entry)
    {
        var words = ((string)entry["prefix"]!).Split(' ');
        var attributes = entry["attributes"] as JsonArray ?? [];
        return new Route
        {
            Family = family,
            Prefix = words[^1],
            Distinguisher = words.Length > 1 ? words[1] : "",
            // In a dump it has a distinguisher.
            NextHop = ((string)entry["exit_nexthop"]!).Split(' ')[^1],
            Origin = ((string)entry["origin"]!).ToLowerInvariant(),
            AsPath = (string)entry["aspath"]!,
            MultiExitDisc = (int?)entry["metric"],
            LocalPreference = (int?)entry["localpref"],
            Communities = Strings(List(entry, "communities")),
            LargeCommunities = Strings(List(entry, "large_communities")),
            RouteTargets = Strings(List(entry, "extended_communities"), "rt "),
            OriginatorId = attributes.Select(attribute => (string?)attribute!["originator"]).FirstOrDefault(id => id is not null) ?? "",
            ClusterList = string.Join(' ', List(entry, "cluster_list")),
        };
    }

    /// <summary>Of its table communities are beside the attributes, of a dump among them.</summary>
    private static IEnumerable<string> List(JsonNode entry, string key) =>
        (entry["attributes"] as JsonArray ?? [])
            .Prepend(entry)
            .SelectMany(holder => holder![key] as JsonArray ?? [])
            .Select(item => (string)item!);

    private static string Strings(IEnumerable<string> items, string start = "") =>
        Route.Sorted(items.Where(item => item.StartsWith(start, StringComparison.Ordinal)).Select(item => item[start.Length..]));

    [GeneratedRegex("unhandled AFI/SAFI .*")]
    private static partial Regex UnknownFamily();
}
