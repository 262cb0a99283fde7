using System.Globalization;
using Fabric.Bench.Runs;

namespace Fabric.Bench;

/// <summary>The command line.</summary>
internal sealed record BenchOptions(
    string Fabric,
    int Size,
    IReadOnlyList<string> Peers,
    IReadOnlyList<Work> Works,
    int Runs,
    bool IsQuick,
    string? Json,
    TimeSpan Limit
)
{
    public const string Usage = """
        tools/bench/bgp [OPTIONS]   one control node and other route reflectors under the same load

        --size N          routes (1000000)
        --peers A,B       of bird, frr, openbgpd, gobgp; "none": fabric-control alone (all; gobgp at 100000 routes only)
        --work A,B        SENDERSxRECEIVERS, with "-label" for a label a route; quiet: 1x1 for single changes,
                          with all side by side and in turn; agents: VRFs and agents instead of receivers,
                          fabric-control alone (1x1,1x1-label,1x20,10x10,quiet,agents)
        --runs N          repetitions; medians are shown (3)
        --quick           under two minutes: 100000 routes, 1x1, 1x20 and (10000) agents, one run, without gobgp
        --json FILE       one row a line
        --fabric PATH     the fabric-control to measure (built and published by tools/bench/bgp)
        --limit SECONDS   the most that one phase of a run may take (300)
        """;

    /// <exception cref="BenchException">An option that is not known, or a value that it cannot have.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> words)
    {
        var isQuick = words.Contains("--quick");
        var values = Values([.. words.Where(word => word != "--quick")]);
        string Text(string name, string otherwise) => values.GetValueOrDefault(name, otherwise);
        var peers = Text("--peers", isQuick ? "bird,frr,openbgpd" : "bird,frr,openbgpd,gobgp");
        return new BenchOptions(
            Path.GetFullPath(Text("--fabric", "artifacts/bench/fabric-control/fabric-control")),
            Number("--size", Text("--size", isQuick ? "100000" : "1000000"), 10, 4_000_000),
            peers == "none" ? [] : peers.Split(',', StringSplitOptions.RemoveEmptyEntries),
            [.. Text("--work", isQuick ? "1x1,1x20,agents" : string.Join(',', Work.Known)).Split(',').Select(Work.Parse)],
            Number("--runs", Text("--runs", isQuick ? "1" : "3"), 1, 100),
            isQuick,
            values.GetValueOrDefault("--json"),
            TimeSpan.FromSeconds(Number("--limit", Text("--limit", "300"), 1, 36_000))
        );
    }

    private static Dictionary<string, string> Values(List<string> words)
    {
        string[] known = ["--fabric", "--size", "--peers", "--work", "--runs", "--json", "--limit"];
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

    private static int Number(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new BenchException($"{name} is a number from {least} to {most}, not '{text}'");
}
