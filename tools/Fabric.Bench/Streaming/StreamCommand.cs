using Fabric.Bench.Datapath.Machine;
using Fabric.Bench.Datapath.Testbeds;
using Fabric.Bench.Report;
using Fabric.Bench.Runs;

namespace Fabric.Bench.Streaming;

/// <summary>Runs every work. Exit codes: 0 well, 1 a turn failed, 2 wrong usage, 130 stopped by the user. Whatever was built is removed in all of these cases.</summary>
internal sealed class StreamCommand(StreamOptions options, CancellationToken cancellation)
{
    private readonly List<ResultRow> _rows = [];
    private bool _hasFailed;

    public static int Run(string[] words) =>
        StoppableCommand.Run(
            words,
            StreamOptions.Usage,
            static (given, cancellation) => new StreamCommand(StreamOptions.Parse(given), cancellation).RunAll()
        );

    private int RunAll()
    {
        FabricDatapath.DetachStale(options.Programs.Datapath);
        NetworkSpace.RemoveStale();
        foreach (var work in options.Works)
        {
            RunWork(work);
        }

        return _hasFailed ? 1 : 0;
    }

    private void RunWork(IStreamWork work)
    {
        var results = new StreamResults(work.Name);
        for (var round = 0; round < options.Rounds; round++)
        {
            using var turn = MachineLock.Take(cancellation);
            Console.WriteLine($"{work.Name}, round {round + 1}/{options.Rounds}");
            try
            {
                results.Add(work.Run(new StreamTurn(options.Programs, options.Time, cancellation)));
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                // Whatever it is: the others go on, and what was built is removed.
                Console.WriteLine($"failed: {exception.Message}");
                _hasFailed = true;
            }
        }

        results.Print(Console.Out);
        _rows.AddRange(results.Rows());
        if (options.Json is { } file)
        {
            // After each work, so that what is there stays when a later one is stopped.
            File.WriteAllLines(file, _rows.Select(row => row.ToJson()));
        }
    }
}
