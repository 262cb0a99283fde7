using Fabric.Bench.Datapath.Machine;
using Fabric.Bench.Datapath.Report;
using Fabric.Bench.Datapath.Testbeds;
using Fabric.Bench.Datapath.Works;
using Fabric.Bench.Report;
using Fabric.Bench.Runs;
using Work = Fabric.Bench.Datapath.Works.Work;

namespace Fabric.Bench.Datapath;

/// <summary>
/// Runs every work with every candidate in turn. Exit codes: 0 well, 1 a turn failed or a candidate could not take part, 2 wrong usage, 130
/// stopped by the user. Whatever was built is removed in all of these cases.
/// </summary>
internal sealed class DatapathCommand(DatapathOptions options, CancellationToken cancellation)
{
    private readonly List<ResultRow> _rows = [];
    private readonly HashSet<string> _out = new(StringComparer.Ordinal);
    private bool _hasFailed;

    public static int Run(string[] words) =>
        StoppableCommand.Run(
            words,
            DatapathOptions.Usage,
            static (given, cancellation) => new DatapathCommand(DatapathOptions.Parse(given), cancellation).RunAll()
        );

    private int RunAll()
    {
        FabricDatapath.DetachStale(options.Program);
        NetworkSpace.RemoveStale();
        foreach (var contender in options.Contenders.Where(contender => contender.Missing is not null))
        {
            Drop(contender, contender.Missing!);
        }

        foreach (var work in options.Works)
        {
            RunWork(work);
        }

        return _hasFailed ? 1 : 0;
    }

    private void RunWork(Work work)
    {
        var contenders = options.Contenders.Where(contender => contender.IsOurs || !work.IsOursAlone).ToList();
        var table = new RoundTable();
        var (rounds, time) = work.RoundsIn(options.Rounds, options.Time);
        using var pool = new TestbedPool(cancellation);
        for (var round = 0; round < rounds; round++)
        {
            // Whoever is first in one round is later in the next.
            for (var turn = 0; turn < contenders.Count; turn++)
            {
                var contender = contenders[(turn + round) % contenders.Count];
                if (!_out.Contains(contender.Name))
                {
                    Console.Write($"{work.Name, -14} round {round + 1}/{rounds}  {contender.Name, -12} ");
                    RunTurn(work, contender, round, time, pool, table);
                }
            }
        }

        Tables.Print(Console.Out, work.Name, table);
        _rows.AddRange(Rows.Of(work.Name, table));
        if (options.Json is { } file)
        {
            // After each work, so that what is there stays when a later one is stopped.
            File.WriteAllLines(file, _rows.Select(row => row.ToJson()));
        }
    }

    private void RunTurn(Work work, Contender contender, int round, TimeSpan time, TestbedPool pool, RoundTable table)
    {
        using var turn = MachineLock.Take(cancellation);
        try
        {
            var testbed = pool.Rent(contender, work.Plan);
            var values = work.Run(new Turn(testbed, plan => pool.Rent(contender, plan), time, cancellation));
            pool.Check(testbed);
            table.Add(contender.Name, round, values);
            Console.WriteLine(string.Join("   ", values.Select(entry => $"{entry.Key.Name} {Tables.Value(entry.Value, entry.Key)}")));
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // Whatever it is: the others go on, and what was built is removed.
            Console.WriteLine($"failed: {exception.Message}");
            _hasFailed = true;
            pool.Remove(contender);
        }

        if (work.WearsOut || contender.IsNeverIdle)
        {
            pool.Remove(contender);
        }
    }

    private void Drop(Contender contender, string reason)
    {
        Console.WriteLine($"{contender.Name} does not take part: {reason}");
        _out.Add(contender.Name);
        _hasFailed = true;
    }
}
