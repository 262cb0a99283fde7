namespace Fabric.Datapath;

/// <summary>Which is the first of many port ranges that holds a port: the ranges' ends cut the ports into pieces, each with its answer.</summary>
internal sealed class PortRanges
{
    /// <summary>No range.</summary>
    public const int None = int.MaxValue;

    private readonly int[] starts;
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

        starts = [.. cuts];
        firsts = new int[starts.Length];
        Fill(ranges);
    }

    /// <summary>The lowest rank of the ranges that hold the port, or <see cref="None"/>.</summary>
    public int First(ushort port)
    {
        var at = Array.BinarySearch(starts, port);
        return firsts[at < 0 ? ~at - 1 : at];
    }

    // From left to right, with the ranges that are open at each piece.
    private void Fill(IReadOnlyList<(int Rank, ushort Min, ushort Max)> ranges)
    {
        var byStart = ranges.OrderBy(static r => r.Min).ToList();
        var open = new PriorityQueue<(int Rank, int Max), int>();
        var next = 0;
        for (var piece = 0; piece < starts.Length; piece++)
        {
            for (; next < byStart.Count && byStart[next].Min <= starts[piece]; next++)
            {
                open.Enqueue((byStart[next].Rank, byStart[next].Max), byStart[next].Rank);
            }

            while (open.TryPeek(out var range, out _) && range.Max < starts[piece])
            {
                open.Dequeue();
            }

            firsts[piece] = open.TryPeek(out var first, out _) ? first.Rank : None;
        }
    }
}
