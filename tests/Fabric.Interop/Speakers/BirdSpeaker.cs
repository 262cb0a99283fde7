using System.Text.RegularExpressions;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;
using Fabric.Lab.Machine;

namespace Fabric.Interop.Speakers;

/// <summary>BIRD 2, with one table for each family and nothing for the kernel.</summary>
internal sealed partial class BirdSpeaker(LanNode node, uint autonomousSystem, IReadOnlyList<Neighbor> neighbors)
    : Speaker(node, autonomousSystem, neighbors)
{
    private const string Program = "/usr/sbin/bird";

    public override async Task<IReadOnlyList<Route>> ReceivedAsync(Family family)
    {
        var routes = new List<Route>();
        var prefix = "";
        foreach (
            var entry in EntryStart().Split(await ShowAsync($"show route all table {Table(family)} protocol {Protocol(Neighbors[0])}"))
        )
        {
            if (Entry().Match(entry) is not { Success: true } match)
            {
                continue;
            }

            // Further paths of a prefix don't repeat it.
            prefix = match.Groups["prefix"].Length > 0 ? match.Groups["prefix"].Value : prefix;
            routes.Add(Read(family, prefix, entry));
        }

        return routes;
    }

    public override async Task<long> UpdatesReceivedAsync() =>
        ImportUpdates()
            .Matches(await ShowAsync($"show protocols all {Protocol(Neighbors[0])}"))
            .Sum(match => long.Parse(match.Groups["count"].Value));

    /// <summary>It counts no messages, and logs each.</summary>
    public override Task<long> RefreshesReceivedAsync() => Task.FromResult<long>(Refresh().Count(FullLog));

    /// <summary>What it shows of it is gone as soon as the next session is up; the log keeps it.</summary>
    public override Task<string> LastResetAsync() => Task.FromResult(Ended().Matches(FullLog).LastOrDefault()?.Value ?? "");

    /// <summary>BIRD's reload asks for all families of the session.</summary>
    public override Task RefreshAsync(Family family) => ShowAsync($"reload in {Protocol(Neighbors[0])}");

    public override Task ClearPrefixLimitAsync() => ShowAsync($"enable {Protocol(Neighbors[0])}");

    public Task<string> ShowAsync(string command) => Command.MustAsync("birdc", "-s", Node.PathOf("bird.ctl"), command);

    // -R: it has been here before, and has kept forwarding (RFC 4724 section 4.1); without it others forget its routes when it returns.
    protected override IReadOnlyList<string> Configure() =>
        [
            Program,
            "-f",
            .. File.Exists(Node.PathOf("bird.ctl")) ? ["-R"] : Array.Empty<string>(),
            "-c",
            Node.Write("bird.conf", Configuration()),
            "-s",
            Node.PathOf("bird.ctl"),
            "-P",
            Node.PathOf("bird.pid"),
        ];

    protected override Task OnStartedAsync() =>
        Poll.UntilAsync($"the control socket of {Name}", Eventually.Patience, async () => (await ShowAsync("show status")).Length > 0);

    protected override async Task ApplyAsync(Route? former, Route? current)
    {
        Node.Write("bird.conf", Configuration());
        await ShowAsync("configure");
    }

    // Without a connected route no next hop is resolved, and no route is valid.
    private string Configuration() =>
        $$"""
            log stderr all;
            router id {{Node.Address}};
            debug protocols { states, events, packets };
            ipv4 table master4;
            ipv6 table master6;
            {{Lines(Families, family => $"{Net(family)} table {Table(family)};")}}
            # An external peer gets only a MED that an export filter has set.
            filter passing { if defined(bgp_med) then bgp_med = bgp_med; accept; }
            protocol device { }
            protocol direct { ipv4; ipv6; }
            {{Lines(Families, Static)}}
            {{Lines(Neighbors, Bgp)}}
            """ + "\n";

    private IEnumerable<Family> Families => Neighbors.SelectMany(neighbor => neighbor.Families).Distinct();

    private string Static(Family family) =>
        $$"""
            protocol static originate_{{Table(family)}} {
              {{Net(family)}} { table {{Table(family)}}; };
            {{Lines(Originated.Where(route => route.Family == family), Static)}}
            }
            """;

    private static string Static(Route route)
    {
        var label = route.Label is { } number ? $" mpls {number}" : "";
        var distinguisher = route.Distinguisher == "" ? "" : $"{route.Distinguisher} ";
        return $"  route {distinguisher}{route.Prefix} via {route.NextHop}{label} {{ {string.Join(' ', Attributes(route))} }};";
    }

    private static IEnumerable<string> Attributes(Route route) =>
        [
            .. route.MultiExitDisc is { } multiExitDisc ? [$"bgp_med = {multiExitDisc};"] : Array.Empty<string>(),
            .. route.LocalPreference is { } preference ? [$"bgp_local_pref = {preference};"] : Array.Empty<string>(),
            .. Words(route.Communities).Select(word => $"bgp_community.add(({word.Replace(':', ',')}));"),
            .. Words(route.LargeCommunities).Select(word => $"bgp_large_community.add(({word.Replace(':', ',')}));"),
            .. Words(route.RouteTargets).Select(word => $"bgp_ext_community.add((rt, {word.Replace(':', ',')}));"),
        ];

    private string Bgp(Neighbor neighbor) =>
        $$"""
            protocol bgp {{Protocol(neighbor)}} {
              local {{LocalAddress}} as {{As}};
              neighbor {{neighbor.Address}} as {{neighbor.As}};
              hold time {{neighbor.HoldTime}};
              connect delay time 1; connect retry time 1; error wait time 1, 2;
              graceful restart {{(neighbor.RestartTime > 0 ? $"on; graceful restart time {neighbor.RestartTime}" : "aware")}};
              {{(neighbor.LongLivedTime > 0 ? $"long lived graceful restart on; long lived stale time {neighbor.LongLivedTime};" : "")}}
              enable extended messages on;
              {{(neighbor.HasTtlSecurity ? "direct; ttl security on;" : "")}}
              {{(neighbor.IsPassive ? "passive;" : "")}}
              {{(neighbor.LocalRole is { } role ? $"local role {role};" : "")}}
              {{(neighbor.Password is { } password ? $"password \"{password}\";" : "")}}
            {{Lines(
                neighbor.Families,
                family => $"  {Channel(family)} {{ table {Table(family)}; igp table {(family.IsIpv6() ? "master6" : "master4")}; {ExtendedNextHop(neighbor, family)}import all; {Limit(neighbor)}{(neighbor.HasAddPath ? "add paths on; " : "")}export filter passing; next hop keep; }};"
            )}}
            }
            """;

    private static string ExtendedNextHop(Neighbor neighbor, Family family) =>
        neighbor.HasExtendedNextHop && !family.IsIpv6() ? "extended next hop on; " : "";

    private static string Limit(Neighbor neighbor) => neighbor.PrefixLimit is { } limit ? $"import limit {limit} action disable; " : "";

    private static string Protocol(Neighbor neighbor) => $"bgp_{neighbor.Name.Replace('-', '_')}";

    private static string Table(Family family) => $"t_{family.ToString().ToLowerInvariant()}";

    /// <summary>What BIRD calls the kind of a table's networks.</summary>
    private static string Net(Family family) =>
        family switch
        {
            Family.Ipv4 or Family.LabelledIpv4 => "ipv4",
            Family.Ipv6 or Family.LabelledIpv6 => "ipv6",
            Family.Vpnv4 => "vpn4",
            Family.Vpnv6 => "vpn6",
            _ => throw new ArgumentOutOfRangeException(nameof(family), family, "BIRD 2.0 does not speak it"),
        };

    private static string Channel(Family family) => family.HasLabel() ? $"{Net(family)} mpls" : Net(family);

    private static Route Read(Family family, string prefix, string entry)
    {
        var attributes = Attribute().Matches(entry).ToDictionary(m => m.Groups["name"].Value, m => m.Groups["value"].Value.Trim());
        string Value(string name) => attributes.GetValueOrDefault(name, "");
        int? Number(string name) => attributes.TryGetValue(name, out var value) ? int.Parse(value) : null;
        var words = prefix.Split(' ');
        return new Route
        {
            Family = family,
            Prefix = words[^1],
            Distinguisher = words.Length > 1 ? words[0] : "",
            Label = Number("mpls_label_stack"),
            NextHop = Value("next_hop").Split(' ')[0],
            Origin = Value("origin").ToLowerInvariant(),
            AsPath = Value("as_path"),
            MultiExitDisc = Number("med"),
            LocalPreference = Number("local_pref"),
            Communities = Tuples(Value("community")),
            LargeCommunities = Tuples(Value("large_community")),
            RouteTargets = Tuples(Value("ext_community"), "rt:"),
            OnlyToCustomer = attributes.TryGetValue("otc", out var otc) ? long.Parse(otc) : null,
            OriginatorId = Value("originator_id"),
            ClusterList = Value("cluster_list"),
        };
    }

    /// <summary><c>(64512,1) (rt, 64512, 100)</c>: those that start with a word, without it.</summary>
    private static string Tuples(string text, string start = "") =>
        Route.Sorted(
            Tuple()
                .Matches(text)
                .Select(tuple => tuple.Groups[1].Value.Replace(" ", "").Replace(',', ':'))
                .Where(tuple => tuple.StartsWith(start, StringComparison.Ordinal))
                .Select(tuple => tuple[start.Length..])
        );

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(@"^(?=\S| {20})", RegexOptions.Multiline)]
    private static partial Regex EntryStart();

    [GeneratedRegex(@"^(?<prefix>[^\[\n]*/\d+)? +(?:unicast|unreachable) \[")]
    private static partial Regex Entry();

    /// <summary>A long list goes on in further lines, one tabulator more to the right.</summary>
    [GeneratedRegex(@"^\tBGP\.(?<name>\w+):(?<value>.*(?:\n\t\t.*)*)$", RegexOptions.Multiline)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^ +Import updates: +(?<count>\d+)", RegexOptions.Multiline)]
    private static partial Regex ImportUpdates();

    [GeneratedRegex("Got ROUTE-REFRESH$", RegexOptions.Multiline)]
    private static partial Regex Refresh();

    [GeneratedRegex("(?:Received|Error): .*$", RegexOptions.Multiline)]
    private static partial Regex Ended();

    [GeneratedRegex(@"\(([^)]*)\)")]
    private static partial Regex Tuple();
}
