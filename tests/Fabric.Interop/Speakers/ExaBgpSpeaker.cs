using System.Text.Json.Nodes;
using Fabric.Interop.Machine;
using Fabric.Interop.Routes;

namespace Fabric.Interop.Speakers;

/// <summary>
/// ExaBGP. It has no table: what it hears it prints as JSON, and what it announces it reads from a process. That process here follows one file of
/// commands, and writes another of messages.
/// </summary>
internal sealed class ExaBgpSpeaker(LanNode node, uint autonomousSystem, IReadOnlyList<Neighbor> neighbors)
    : Speaker(node, autonomousSystem, neighbors)
{
    private const string Program = "/usr/sbin/exabgp";

    // Where the folder of the tests' program has it.
    private const string WithMemberships = "Speakers/exabgp-memberships.py";
    private const string RefreshType = "\"type\": \"refresh\"";

    private readonly HashSet<uint> _joined = [];

    private string Commands => Node.PathOf("commands");

    private string MessagesFile => Node.PathOf("messages.json");

    public override Task<IReadOnlyList<Route>> ReceivedAsync(Family family)
    {
        var table = new Dictionary<string, Route>();
        foreach (var message in Messages().Where(message => (string?)message["neighbor"]?["address"]?["peer"] == Neighbors[0].Address))
        {
            if ((string?)message["type"] == "state" && (string?)message["neighbor"]!["state"] == "down")
            {
                table.Clear();
            }

            Apply(message, family, table);
        }

        return Task.FromResult<IReadOnlyList<Route>>([.. table.Values]);
    }

    public override Task<long> UpdatesReceivedAsync() =>
        Task.FromResult<long>(Messages().Count(message => (string?)message["type"] == "update"));

    /// <summary>No line ends behind one.</summary>
    public override Task<long> RefreshesReceivedAsync() => Task.FromResult(Text().Split(RefreshType).LongLength - 1);

    /// <summary>The last NOTIFICATION that it got, and its own words for why a session is down.</summary>
    public override Task<string> LastResetAsync()
    {
        var messages = Messages().ToList();
        var notification = messages.LastOrDefault(message => (string?)message["type"] == "notification");
        var down = messages.LastOrDefault(message => (string?)message["neighbor"]?["state"] == "down");
        return Task.FromResult($"{notification?.ToJsonString()} {down?["neighbor"]!["reason"]}");
    }

    public override Task RefreshAsync(Family family)
    {
        Do($"announce route-refresh {Words(family)}");
        return Task.CompletedTask;
    }

    /// <summary>Every message so far, the oldest first.</summary>
    public IEnumerable<JsonNode> Messages() =>
        Lines().Where(line => line.StartsWith('{') && !IsRefresh(line)).Select(line => JsonNode.Parse(Printable(line))!);

    /// <summary>The bytes of every EVPN NLRI that was announced to it, as hexadecimal digits.</summary>
    public IReadOnlyList<string> RawNlri() =>
        [
            .. Messages()
                .SelectMany(message => message["neighbor"]?["message"]?["update"]?["announce"]?["l2vpn evpn"] as JsonObject ?? [])
                .SelectMany(entry => entry.Value!.AsArray())
                .Select(nlri => (string)nlri!["raw"]!),
        ];

    /// <summary>The memberships that it holds (RFC 4684), such as <c>64512:target:64512:100</c>.</summary>
    public IReadOnlyList<string> Memberships()
    {
        var held = new HashSet<string>();
        foreach (var update in Messages().Select(message => message["neighbor"]?["message"]?["update"]))
        {
            held.ExceptWith(MembershipsIn(update?["withdraw"]?[Words(Family.RouteTargets)] as JsonArray ?? []));
            held.UnionWith(
                (update?["announce"]?[Words(Family.RouteTargets)] as JsonObject ?? []).SelectMany(nextHop =>
                    MembershipsIn(nextHop.Value!.AsArray())
                )
            );
        }

        return [.. held];
    }

    /// <summary>Asks for the routes of a target of the neighbour's AS.</summary>
    public void Join(uint number)
    {
        _joined.Add(number);
        Do($"announce {Membership(number)}");
    }

    /// <summary>While it is down: it does not ask for them again when it is back.</summary>
    public void Leave(uint number)
    {
        _joined.Remove(number);
        Do($"withdraw {Membership(number)}");
    }

    /// <summary>Has it do what its API offers, such as <c>announce route-refresh ipv4 unicast</c>.</summary>
    public void Do(string command) => File.AppendAllText(Commands, command + "\n");

    private string Membership(uint number) => $"membership {As} {Neighbors[0].As} {number} {Node.Address}";

    private static IEnumerable<string> MembershipsIn(JsonArray routes) => routes.Select(route => (string)route!["membership"]!);

    private string Text() => File.Exists(MessagesFile) ? File.ReadAllText(MessagesFile) : "";

    /// <summary>The data of a NOTIFICATION is written as it came, and no JSON where that is no text.</summary>
    private static string Printable(string line) => string.Concat(line.Select(character => char.IsControl(character) ? ' ' : character));

    /// <summary>The last one may be half written.</summary>
    private IEnumerable<string> Lines() => Text().Split('\n').SkipLast(1);

    /// <summary>What ExaBGP 4.2 writes of a ROUTE-REFRESH, such as our marks around routes that are sent again (RFC 7313), is no JSON.</summary>
    private static bool IsRefresh(string line) => line.Contains(RefreshType, StringComparison.Ordinal);

    protected override IReadOnlyList<string> Configure()
    {
        var environment = Node.Write(
            "exabgp.env",
            "[exabgp.api]\nack = false\ncli = false\n[exabgp.daemon]\ndrop = false\n[exabgp.log]\nlevel = INFO\n"
        );
        var relay = Node.Write("relay.sh", $"tail -n +1 -f {Commands} &\nexec cat >>{MessagesFile}\n");
        // A crash forgets what was withdrawn, and what was asked.
        var routes = Originated.Select(route => Command(route, isWithdrawn: false));
        Node.Write("commands", Lines(routes.Concat(_joined.Select(number => $"announce {Membership(number)}")), line => line) + "\n");
        File.Delete(MessagesFile);
        IReadOnlyList<string> program = Neighbors.Any(neighbor => neighbor.Families.Contains(Family.RouteTargets))
            ? ["/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, WithMemberships)]
            : [Program];
        return [.. program, "--env", environment, Node.Write("exabgp.conf", Configuration(relay))];
    }

    protected override Task OnStartedAsync() => Task.CompletedTask;

    protected override Task ApplyAsync(Route? former, Route? current)
    {
        Do(Command((current ?? former)!, isWithdrawn: current is null));
        return Task.CompletedTask;
    }

    private string Configuration(string relay) =>
        $$"""
            process relay {
              run /bin/sh {{relay}};
              encoder json;
            }
            {{Lines(Neighbors, Block)}}
            """ + "\n";

    private string Block(Neighbor neighbor) =>
        $$"""
            neighbor {{neighbor.Address}} {
              router-id {{Node.Address}};
              local-address {{LocalAddress}};
              local-as {{As}};
              peer-as {{neighbor.As}};
              hold-time {{neighbor.HoldTime}};
              {{(neighbor.Password is { } password ? $"md5-password \"{password}\";" : "")}}
              {{(neighbor.HasTtlSecurity ? "outgoing-ttl 255; incoming-ttl 255;" : "")}}
              capability {
                route-refresh enable;
                add-path {{(neighbor.HasAddPath ? "send/receive" : "disable")}};
                graceful-restart {{(neighbor.RestartTime > 0 ? neighbor.RestartTime : "disable")}};
              }
              family {
            {{Lines(neighbor.Families, family => $"    {Words(family)};")}}
              }
              api {
                processes [ relay ];
                neighbor-changes;
                receive { parsed; update; open; notification; refresh; keepalive; }
              }
            }
            """;

    private static string Words(Family family) =>
        family switch
        {
            Family.Ipv4 => "ipv4 unicast",
            Family.Ipv6 => "ipv6 unicast",
            Family.LabelledIpv4 => "ipv4 nlri-mpls",
            Family.LabelledIpv6 => "ipv6 nlri-mpls",
            Family.Vpnv4 => "ipv4 mpls-vpn",
            Family.Vpnv6 => "ipv6 mpls-vpn",
            Family.Evpn => "l2vpn evpn",
            _ => "ipv4 rtc",
        };

    private static string Command(Route route, bool isWithdrawn) =>
        string.Join(
            ' ',
            [
                isWithdrawn ? "withdraw" : "announce",
                "route",
                route.Prefix,
                "next-hop",
                route.NextHop,
                .. route.PathIdentifier is { } identifier ? ["path-information", $"0.0.0.{identifier}"] : Array.Empty<string>(),
                .. route.Distinguisher == "" ? Array.Empty<string>() : ["rd", route.Distinguisher],
                .. route.Label is { } label ? ["label", $"{label}"] : Array.Empty<string>(),
                "origin",
                route.Origin,
                .. route.MultiExitDisc is { } multiExitDisc ? ["med", $"{multiExitDisc}"] : Array.Empty<string>(),
                .. route.LocalPreference is { } preference ? ["local-preference", $"{preference}"] : Array.Empty<string>(),
                .. List("community", route.Communities),
                .. List("large-community", route.LargeCommunities),
                .. List("extended-community", Prefixed(route.RouteTargets)),
            ]
        );

    private static IEnumerable<string> List(string word, string values) => values == "" ? [] : [word, "[", values, "]"];

    private static string Prefixed(string targets) =>
        string.Join(' ', targets.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(target => $"target:{target}"));

    private static void Apply(JsonNode message, Family family, Dictionary<string, Route> table)
    {
        if (message["neighbor"]?["message"]?["update"] is not { } update)
        {
            return;
        }

        foreach (var nlri in (update["withdraw"]?[Words(family)] as JsonArray ?? []).Select(nlri => nlri!))
        {
            table.Remove(Key(nlri));
        }

        foreach (var (nextHop, routes) in update["announce"]?[Words(family)] as JsonObject ?? [])
        {
            foreach (var nlri in routes!.AsArray().Select(nlri => nlri!))
            {
                table[Key(nlri)] = Read(family, nextHop, nlri, update["attribute"]!);
            }
        }
    }

    private static string Key(JsonNode nlri) => $"{nlri["path-information"]} {nlri["rd"]} {Prefix(nlri)}";

    private static string Prefix(JsonNode nlri) => (string?)nlri["nlri"] ?? MacIp.Name((string?)nlri["mac"], (string?)nlri["ip"]);

    private static Route Read(Family family, string nextHop, JsonNode nlri, JsonNode attributes) =>
        new()
        {
            Family = family,
            Prefix = Prefix(nlri),
            Distinguisher = (string?)nlri["rd"] ?? "",
            // The first number is the upper 20 bits, the second all 24, which are the label of EVPN (RFC 7432 section 7).
            Label = (int?)nlri["label"]?[0]?[family == Family.Evpn ? 1 : 0],
            NextHop = nextHop,
            Origin = (string)attributes["origin"]!,
            AsPath = string.Join(' ', (attributes["as-path"] as JsonArray ?? []).Select(number => (uint)number!)),
            MultiExitDisc = (int?)attributes["med"],
            LocalPreference = (int?)attributes["local-preference"],
            Communities = Tuples(attributes["community"]),
            LargeCommunities = Tuples(attributes["large-community"]),
            RouteTargets = Route.Sorted(
                (attributes["extended-community"] as JsonArray ?? [])
                    .Select(community => (string)community!["string"]!)
                    .Where(text => text.StartsWith("target:", StringComparison.Ordinal))
                    .Select(text => text["target:".Length..])
            ),
            OriginatorId = (string?)attributes["originator-id"] ?? "",
            ClusterList = string.Join(' ', (attributes["cluster-list"] as JsonArray ?? []).Select(id => (string)id!)),
        };

    private static string Tuples(JsonNode? tuples) =>
        Route.Sorted((tuples as JsonArray ?? []).Select(tuple => string.Join(':', tuple!.AsArray().Select(number => (uint)number!))));
}
