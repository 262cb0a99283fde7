namespace Fabric.Bench.Runs;

/// <summary>The middle of repeated runs; of an even number the mean of the two in the middle.</summary>
internal static class Medians
{
    public static IReadOnlyDictionary<Metric, double> Of(IReadOnlyList<RunResult> runs) =>
        runs.SelectMany(run => run.Values)
            .GroupBy(entry => entry.Key, entry => entry.Value)
            .ToDictionary(group => group.Key, group => Median([.. group.Order()]));

    /// <summary>One metric of all candidates that have it.</summary>
    public static Dictionary<string, double> Column(
        IReadOnlyDictionary<string, IReadOnlyDictionary<Metric, double>> medians,
        Metric metric
    ) =>
        medians
            .Where(entry => entry.Value.ContainsKey(metric))
            .ToDictionary(entry => entry.Key, entry => entry.Value[metric], StringComparer.Ordinal);

    internal static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
