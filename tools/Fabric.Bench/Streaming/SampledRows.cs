using Fabric.Bench.Datapath.Machine;

namespace Fabric.Bench.Streaming;

/// <summary>Rows read back from many places of what was written.</summary>
internal static class SampledRows
{
    private const int Places = 20;
    private const int RowsEach = 500;

    /// <summary>From the host's journal: from the newest rows on backwards, evenly.</summary>
    /// <param name="host">Whose.</param>
    /// <param name="rows">How many there are to read from; older ones may be gone.</param>
    /// <param name="isWhole">No report was lost.</param>
    /// <returns>Rows that were right.</returns>
    /// <exception cref="BenchException">One was not.</exception>
    public static int CheckJournal(HostUnderTest host, long rows, bool isWhole)
    {
        var last = host.Figures().Last;
        var check = new RowCheck(host.Reported, isWhole);
        var first = last - rows + 1;
        for (var place = 0; place < Places; place++)
        {
            check.Skip();
            foreach (var row in host.Rows(first + (rows - RowsEach) * place / (Places - 1), RowsEach))
            {
                check.Take(row);
            }
        }

        return check.Count == Places * RowsEach
            ? check.Count
            : throw new BenchException($"{check.Count} rows were read back of {Places * RowsEach}");
    }

    /// <summary>The newest rows of the cluster, by kcat.</summary>
    /// <returns>Rows that were right.</returns>
    /// <exception cref="BenchException">One was not.</exception>
    public static int CheckKafka(HostUnderTest host, bool isWhole, CancellationToken cancellation)
    {
        var check = new RowCheck(host.Reported, isWhole);
        var output = Shell.Run(
            ["kcat", "-C", "-q", "-b", host.Servers, "-t", "fabric.flows", "-o", $"-{RowsEach}", "-e"],
            cancellation: cancellation
        );
        foreach (var row in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            check.Take(row);
        }

        return check.Count == RowsEach ? check.Count : throw new BenchException($"kcat read {check.Count} rows of {RowsEach}");
    }
}
