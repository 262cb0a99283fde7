using Fabric.Bench.Runs;

namespace Fabric.Bench.Report;

/// <summary>The tables that a person reads.</summary>
internal static class TextReport
{
    private const int NameWidth = 10;
    private const string Lost = "lost";

    public static void Print(
        TextWriter output,
        Work work,
        int routes,
        IReadOnlyDictionary<string, IReadOnlyDictionary<Metric, double>> medians
    )
    {
        var columns = MetricText.All.Where(entry => medians.Values.Any(values => values.ContainsKey(entry.Metric))).ToList();
        output.WriteLine();
        output.WriteLine($"{work.Name}, {routes} routes");
        output.WriteLine("".PadRight(NameWidth) + string.Join("  ", columns.Select(column => column.Heading)));
        foreach (var (name, values) in medians)
        {
            var cells = columns.Select(column =>
                (values.TryGetValue(column.Metric, out var value) ? Text(value, column.Format) : "-").PadLeft(column.Heading.Length)
            );
            output.WriteLine(name.PadRight(NameWidth) + string.Join("  ", cells));
        }
    }

    public static void PrintGoals(TextWriter output, IReadOnlyList<ResultRow> rows)
    {
        output.WriteLine();
        foreach (var row in rows.Where(row => row.Goal is not null && (row.Ours is not null || row.Met is false)))
        {
            var verdict = row.Met switch
            {
                true => "met",
                false => "NOT MET",
                null => "not judged",
            };
            var ratio = row.Ratio is { } value ? $"{value:0.00} x {row.BestPeer}" : "";
            output.WriteLine(
                $"{row.Work, -10} {row.Metric, -32} {Text(row.Ours ?? double.PositiveInfinity, "0.000"), 10}  {ratio, -18} goal {row.Goal, -14} {verdict}"
            );
        }
    }

    // A change that never came took a time without an end.
    private static string Text(double value, string format) => double.IsFinite(value) ? value.ToString(format) : Lost;
}
