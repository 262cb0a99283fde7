using System.Globalization;
using Fabric.Bench.Datapath.Works;

namespace Fabric.Bench.Datapath;

/// <summary>The command line.</summary>
internal sealed record DatapathOptions(
    string Program,
    IReadOnlyList<Contender> Contenders,
    IReadOnlyList<Work> Works,
    int Rounds,
    TimeSpan Time,
    string? Json
)
{
    public const string Usage = """
        tools/bench/datapath [OPTIONS]   our data plane and others, on two hosts of namespaces, in turn under the same load

        --work A,B        of tcp1, tcp4, tcp1-wire, tcp4-wire (an uplink that cannot segment tunnels), udp60, udp60x2 (two
                          generators), udp-rr, tcp-rr, tcp-crr, udp-newflows, and for ours alone: acl-size, flows-1m, noisy,
                          noisy-underlay, restart and restart-busy (the data plane is killed) (all)
        --peers A,B       of routing, vxlan, vxlan-nft, ovs, ovs-afxdp; "none" (all)
        --ours A,B        of ours-gre, ours-udp, ours-csharp (the C# pipeline alone), ours-csharp-gre (all)
        --rounds N        candidates take turns in each; medians and quartiles are shown (5)
        --seconds N       how long a turn measures (3); TCP has turns of a second, and N times as many
        --miss-rate N     new flows a second that a machine may have set up, for noisy and noisy-underlay (20000)
        --workers N       worker loops of ours, from 1 to 16 (its default: one for each processor)
        --quick           under two minutes: routing, vxlan-nft and ours-gre; tcp1, udp60, udp-rr, tcp-crr and udp-newflows;
                          2 rounds of a second
        --json FILE       one row a line
        --program PATH    the fabric-dp to measure (built and published by tools/bench/datapath)
        """;

    private static readonly string[] s_quickWorks = ["tcp1", "udp60", "udp-rr", "tcp-crr", "udp-newflows"];
    private static readonly string[] s_quickPeers = [Contender.Routing, Contender.VxlanFiltered];

    /// <exception cref="BenchException">An option that is not known, or a value that it cannot have.</exception>
    public static DatapathOptions Parse(IReadOnlyList<string> words)
    {
        var isQuick = words.Contains("--quick");
        var values = Values([.. words.Where(word => word != "--quick")]);
        string Text(string name, string otherwise) => values.GetValueOrDefault(name, otherwise);
        int Number(string name, int otherwise, int most) =>
            ReadNumber(name, Text(name, otherwise.ToString(CultureInfo.InvariantCulture)), most);
        IEnumerable<string> List(string name, IEnumerable<string> otherwise) =>
            values.TryGetValue(name, out var text) ? (text == "none" ? [] : text.Split(',')) : otherwise;

        var program = Path.GetFullPath(Text("--program", "artifacts/bench/fabric-dp/fabric-dp"));
        int? workers = values.ContainsKey("--workers") ? Number("--workers", otherwise: 1, most: 16) : null;
        var known = KnownWorks(Number("--miss-rate", 20_000, 1_000_000));
        var names = List("--peers", isQuick ? s_quickPeers : Contender.Peers)
            .Concat(List("--ours", isQuick ? [Contender.OursGre] : Contender.Ours));
        return new DatapathOptions(
            program,
            [.. names.Select(name => Contender.Of(name, program, workers))],
            [.. List("--work", isQuick ? s_quickWorks : known.Select(work => work.Name)).Select(name => Find(known, name))],
            Number("--rounds", isQuick ? 2 : 5, 1000),
            TimeSpan.FromSeconds(Number("--seconds", isQuick ? 1 : 3, 3600)),
            values.GetValueOrDefault("--json")
        );
    }

    internal static IReadOnlyList<Work> KnownWorks(int missRate) =>
        [
            new TcpWork("tcp1", 1, IsWire: false),
            new TcpWork("tcp4", 4, IsWire: false),
            new TcpWork("tcp1-wire", 1, IsWire: true),
            new TcpWork("tcp4-wire", 4, IsWire: true),
            new PacketWork("udp60", 1),
            new PacketWork("udp60x2", 2),
            new LatencyWork("udp-rr", IsTcp: false),
            new LatencyWork("tcp-rr", IsTcp: true),
            new ConnectionWork(),
            new NewFlowWork(),
            new TableSizeWork(),
            new FlowCountWork(),
            new NeighbourWork(missRate),
            new UnderlayWork(missRate),
            new RestartWork("restart", IsBusy: false),
            new RestartWork("restart-busy", IsBusy: true),
        ];

    private static Work Find(IReadOnlyList<Work> known, string name) =>
        known.FirstOrDefault(work => work.Name == name)
        ?? throw new BenchException($"there is no work '{name}'; they are {string.Join(", ", known.Select(work => work.Name))}");

    private static Dictionary<string, string> Values(List<string> words)
    {
        string[] known = ["--work", "--peers", "--ours", "--rounds", "--seconds", "--miss-rate", "--workers", "--json", "--program"];
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in words.Chunk(2))
        {
            if (pair is not [var name, var value] || !known.Contains(name))
            {
                throw new BenchException($"'{string.Join(' ', pair)}' is no option with a value");
            }

            values[name] = value;
        }

        return values;
    }

    private static int ReadNumber(string name, string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most
            ? number
            : throw new BenchException($"{name} is a number from 1 to {most}, not '{text}'");
}
