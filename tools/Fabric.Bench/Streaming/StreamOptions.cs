using System.Globalization;

namespace Fabric.Bench.Streaming;

/// <summary>The command line.</summary>
internal sealed record StreamOptions(StreamPrograms Programs, IReadOnlyList<IStreamWork> Works, int Rounds, TimeSpan Time, string? Json)
{
    public const string Usage = """
        tools/bench/stream [OPTIONS]   rows of sessions from one host's agent, into its journal and to Kafka

        --work A,B        of journal, kafka, forwarding (all)
        --rounds N        medians are shown (3)
        --seconds N       how long a turn measures (5)
        --quick           under two minutes: one round of 2 seconds
        --json FILE       one row a line
        --programs PATH   folder of the programs to measure (built and published by tools/bench/stream)
        """;

    private static readonly IReadOnlyList<IStreamWork> s_works =
    [
        new RowWork(StreamTarget.Journal),
        new RowWork(StreamTarget.Kafka),
        new ForwardingWork(),
    ];

    /// <exception cref="BenchException">An option that is not known, or a value that it cannot have.</exception>
    public static StreamOptions Parse(IReadOnlyList<string> words)
    {
        var isQuick = words.Contains("--quick");
        var values = Values([.. words.Where(word => word != "--quick")]);
        int Number(string name, int otherwise) =>
            !values.TryGetValue(name, out var text) ? otherwise
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 1000 ? number
            : throw new BenchException($"{name} is a number from 1 to 1000, not '{text}'");
        return new StreamOptions(
            StreamPrograms.Under(Path.GetFullPath(values.GetValueOrDefault("--programs", "artifacts/bench"))),
            values.TryGetValue("--work", out var names) ? [.. names.Split(',').Select(Find)] : s_works,
            Number("--rounds", isQuick ? 1 : 3),
            TimeSpan.FromSeconds(Number("--seconds", isQuick ? 2 : 5)),
            values.GetValueOrDefault("--json")
        );
    }

    private static IStreamWork Find(string name) =>
        s_works.FirstOrDefault(work => work.Name == name)
        ?? throw new BenchException($"there is no work '{name}'; they are {string.Join(", ", s_works.Select(work => work.Name))}");

    private static Dictionary<string, string> Values(List<string> words)
    {
        string[] known = ["--work", "--rounds", "--seconds", "--json", "--programs"];
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
}
