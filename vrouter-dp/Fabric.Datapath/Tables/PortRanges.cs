namespace Fabric.Datapath;

/// <summary>Which is the first of many port ranges that holds a port: the ranges' ends cut the ports into pieces, each with its answer.</summary>
internal sealed class PortRanges
{
    /// <summary>No range.</summary>
    public const int None = int.MaxValue;

    private readonly ushort[] starts;
    private readonly int[] firsts;

    /// <param name="ranges">Ranges with their ranks, the lowest rank first.</param>
    public PortRanges(IReadOnlyList<(int Rank, ushort Min, ushort Max)> ranges)
    {
        var cuts = new SortedSet<int> { 0 };
        foreach (var (_, min, max) in ranges)
        {
            cuts.Add(min);
            cuts.Add(max + 1);
        }

        cuts.Remove(ushort.MaxValue + 1);
        (starts, firsts) = Merge([.. cuts.Select(static cut => (ushort)cut)], ranges);
    }

    /// <summary>The lowest rank of the ranges that hold the port, or <see cref="None"/>.</summary>
    /// <param name="port">The port.</param>
    /// <param name="span">Is narrowed to ports that have the same answer.</param>
    public int First(ushort port, ref PortSpan span)
    {
        var at = Array.BinarySearch(starts, port);
        var piece = at < 0 ? ~at - 1 : at;
        var last = piece + 1 < starts.Length ? (ushort)(starts[piece + 1] - 1) : ushort.MaxValue;
        span = span.And(new PortSpan(starts[piece], last));
        return firsts[piece];
    }

    // Neighbours with the same answer are one.
    private static (ushort[] Starts, int[] Firsts) Merge(ushort[] cuts, IReadOnlyList<(int Rank, ushort Min, ushort Max)> ranges)
    {
        var answers = Answers(cuts, ranges);
        var pieces = Enumerable.Range(0, cuts.Length).Where(piece => piece == 0 || answers[piece] != answers[piece - 1]).ToArray();
        return ([.. pieces.Select(piece => cuts[piece])], [.. pieces.Select(piece => answers[piece])]);
    }

    // From left to right, with the ranges that are open at each piece.
    private static int[] Answers(ushort[] cuts, IReadOnlyList<(int Rank, ushort Min, ushort Max)> ranges)
    {
        var answers = new int[cuts.Length];
        var byStart = ranges.OrderBy(static r => r.Min).ToList();
        var open = new PriorityQueue<(int Rank, int Max), int>();
        var next = 0;
        for (var piece = 0; piece < cuts.Length; piece++)
        {
            for (; next < byStart.Count && byStart[next].Min <= cuts[piece]; next++)
            {
                open.Enqueue((byStart[next].Rank, byStart[next].Max), byStart[next].Rank);
            }

            while (open.TryPeek(out var range, out _) && range.Max < cuts[piece])
            {
                open.Dequeue();
            }

            answers[piece] = open.TryPeek(out var first, out _) ? first.Rank : None;
        }

        return answers;
    }
}
