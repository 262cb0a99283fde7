using System.Diagnostics;
using Fabric.Bench.Candidates;
using Fabric.Bench.Load;
using Fabric.Bench.Report;
using Fabric.Bench.Runs;

namespace Fabric.Bench;

/// <summary>Runs every work with every candidate in turn. Exit codes: 0 well, 1 a run failed, 2 wrong usage, 130 stopped by the user.</summary>
internal sealed class BenchCommand(BenchOptions options, CancellationToken cancellation)
{
    private readonly FabricControl _ours = new(options.Fabric);
    private readonly List<ResultRow> _rows = [];
    private bool _hasFailed;

    public static int Run(string[] words) =>
        StoppableCommand.Run(
            words,
            BenchOptions.Usage,
            static (given, cancellation) => new BenchCommand(BenchOptions.Parse(given), cancellation).RunAll()
        );

    private int RunAll()
    {
        var candidates = Candidates();
        foreach (var work in options.Works)
        {
            if (work.IsForAgents)
            {
                RunForAgents(work);
            }
            else
            {
                RunWork(work, options.Size, candidates.Where(candidate => options.Size <= candidate.MaxRoutes).ToList());
            }
        }

        // Those that take minutes at full size are compared at the size that they can bear.
        foreach (var slow in candidates.Where(candidate => options.Size > candidate.MaxRoutes))
        {
            if (options.Works.FirstOrDefault(static work => work is { IsForAgents: false, IsInTurn: false }) is { } work)
            {
                RunWork(work with { Name = $"{work.Name}@{slow.MaxRoutes}" }, slow.MaxRoutes, [_ours, slow]);
            }
        }

        TextReport.PrintGoals(Console.Out, _rows);
        return _hasFailed ? 1 : 0;
    }

    private List<Candidate> Candidates()
    {
        Candidate[] peers = [new Bird(), new Frr(), new OpenBgpd(), new GoBgp()];
        if (options.Peers.FirstOrDefault(name => peers.All(peer => peer.Name != name)) is { } unknown)
        {
            throw new BenchException($"there is no peer '{unknown}'; they are {string.Join(", ", peers.Select(peer => peer.Name))}");
        }

        List<Candidate> candidates = [_ours, .. peers.Where(peer => options.Peers.Contains(peer.Name))];
        return candidates.FirstOrDefault(candidate => candidate.Missing is not null) is { } missing
            ? throw new BenchException($"{missing.Name} cannot run: {missing.Missing}")
            : candidates;
    }

    // Ten times the routes are ten times the work: what takes longer than ten times as long is not linear.
    private void RunForAgents(Work work)
    {
        const int steps = 10;
        var size = options.IsQuick ? options.Size / steps : options.Size;
        var part = Math.Max(RouteTable.RoutesPerSet, size / steps);
        var small = RunWork(work with { Name = $"{work.Name}@{part}" }, part, [_ours]);
        var large = RunWork(work, size, [_ours]);
        if (small.TryGetValue(Metric.Converge, out var first) && large.TryGetValue(Metric.Converge, out var last))
        {
            var growth = last / first / ((double)size / part);
            Add([ResultRow.Of(work, Metric.Growth, isJudged: false, new Dictionary<string, double> { [_ours.Name] = growth }, _ours.Name)]);
            Console.WriteLine($"from {part} to {size} routes: {growth:0.00} x linear");
        }
    }

    /// <returns>Our own medians.</returns>
    private IReadOnlyDictionary<Metric, double> RunWork(Work work, int size, List<Candidate> candidates)
    {
        var plan = options.IsQuick
            ? new RunPlan(size, TimeSpan.FromSeconds(0.5), 100, 1, options.Limit)
            : new RunPlan(size, TimeSpan.FromSeconds(3), 1000, 3, options.Limit);
        var results = candidates.ToDictionary(candidate => candidate.Name, _ => new List<RunResult>(), StringComparer.Ordinal);
        for (var run = 0; run < options.Runs; run++)
        {
            foreach (
                var (candidate, result) in work.IsInTurn ? RunSideBySide(candidates, work, plan, run) : RunEach(candidates, work, plan, run)
            )
            {
                results[candidate.Name].Add(result);
                _hasFailed |= result.Fault is not null;
            }
        }

        var medians = results.ToDictionary(entry => entry.Key, entry => Medians.Of(entry.Value), StringComparer.Ordinal);
        TextReport.Print(Console.Out, work, size, medians);
        var rows = MetricText
            .All.Select(entry => entry.Metric)
            .Where(metric => medians.Values.Any(values => values.ContainsKey(metric)))
            .Select(metric => ResultRow.Of(work, metric, size >= Goal.FullSize, Medians.Column(medians, metric), _ours.Name))
            .ToList();
        Add(rows);
        return medians[_ours.Name];
    }

    private void Add(List<ResultRow> rows)
    {
        _rows.AddRange(rows);
        if (options.Json is { } file)
        {
            // After each work, so that what is there stays when a later one is stopped.
            File.WriteAllLines(file, _rows.Select(row => row.ToJson()));
        }
    }

    // Whoever is first in one repetition is later in the next: the machine warms up, and others use it too.
    private IEnumerable<(Candidate Candidate, RunResult Result)> RunEach(List<Candidate> candidates, Work work, RunPlan plan, int run)
    {
        for (var turn = 0; turn < candidates.Count; turn++)
        {
            var candidate = candidates[(turn + run) % candidates.Count];
            yield return (candidate, RunOne(candidate, work, plan, run));
        }
    }

    private IEnumerable<(Candidate Candidate, RunResult Result)> RunSideBySide(List<Candidate> candidates, Work work, RunPlan plan, int run)
    {
        using var turn = MachineLock.Take(cancellation);
        using var quiet = new QuietRun(candidates, work, plan, cancellation);
        var results = quiet.Execute();
        for (var number = 0; number < candidates.Count; number++)
        {
            var result = results[number];
            var median = result.Values.TryGetValue(Metric.IdleMedian, out var milliseconds) ? $"{milliseconds, 8:0.000} ms" : "    failed";
            Console.WriteLine(
                $"{work.Name, -12} run {run + 1}  {candidates[number].Name, -9} {median}{(result.Fault is null ? "" : $"  {result.Fault}")}"
            );
            yield return (candidates[number], result);
        }
    }

    private RunResult RunOne(Candidate candidate, Work work, RunPlan plan, int run)
    {
        using var turn = MachineLock.Take(cancellation);
        Console.Write($"{work.Name, -12} run {run + 1}  {candidate.Name, -9} ");
        var start = Stopwatch.GetTimestamp();
        var result = Execute(candidate, work, plan);
        var converge = result.Values.TryGetValue(Metric.Converge, out var seconds) ? $"{seconds, 8:0.000} s" : "    failed";
        Console.WriteLine(
            $"{converge}   (all phases {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s){(result.Fault is null ? "" : $"  {result.Fault}")}"
        );
        return result;
    }

    private RunResult Execute(Candidate candidate, Work work, RunPlan plan)
    {
        if (work.IsForAgents)
        {
            using var agents = new AgentRun(_ours, plan, cancellation);
            return agents.Execute();
        }

        using var reflection = new CandidateRun(candidate, work, plan, cancellation);
        return reflection.Execute();
    }
}
