namespace Fabric.Bench.Datapath.Report;

/// <summary>The middle of what the rounds gave, and the interval that half of them lie in: from the lower to the upper quartile, of few rounds from the lowest to the highest.</summary>
internal readonly record struct Spread(double Median, double Low, double High)
{
    /// <summary>Rounds below which a quartile would leave out nothing that is worth leaving out.</summary>
    private const int FewRounds = 4;

    /// <summary>Null when there is no value.</summary>
    public static Spread? Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            return null;
        }

        var cut = sorted.Length < FewRounds ? 0 : sorted.Length / 4;
        return new Spread(Runs.Medians.Median(sorted), sorted[cut], sorted[^(cut + 1)]);
    }
}
