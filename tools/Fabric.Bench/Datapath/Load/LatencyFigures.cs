namespace Fabric.Bench.Datapath.Load;

/// <summary>Microseconds from a request to its answer, by nearest rank.</summary>
internal sealed record LatencyFigures(int Answered, int Lost, double Median, double Tail)
{
    private const double TailShare = 0.99;

    /// <summary>Sorts the samples in place.</summary>
    /// <exception cref="BenchException">There are none.</exception>
    public static LatencyFigures Of(Span<double> microseconds, int lost)
    {
        if (microseconds.IsEmpty)
        {
            throw new BenchException("no request was answered");
        }

        microseconds.Sort();
        return new LatencyFigures(microseconds.Length, lost, Rank(microseconds, 0.5), Rank(microseconds, TailShare));
    }

    private static double Rank(ReadOnlySpan<double> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];
}
