using Fabric.Bench.Candidates;

namespace Fabric.Bench.Runs;

/// <summary>
/// Single changes in quiet, with all candidates side by side, each with its table: a block of changes of one, then one of the next, in an order
/// that turns. What such a change takes is some hundredths of a millisecond more or less from one second to the next on a shared machine, and here
/// all have the same seconds.
/// </summary>
internal sealed class QuietRun : IDisposable
{
    private const int ChangesOfBlock = 50;

    private readonly Dictionary<Metric, double>[] _values;
    private readonly string?[] _faults;
    private readonly Reflector[] _reflectors;
    private readonly ChangePhase[] _changes;
    private readonly RunPlan _plan;

    public QuietRun(IReadOnlyList<Candidate> candidates, Work work, RunPlan plan, CancellationToken cancellation)
    {
        _plan = plan;
        _values = [.. candidates.Select(_ => new Dictionary<Metric, double>())];
        _faults = new string?[candidates.Count];
        _reflectors = [.. candidates.Select(candidate => new Reflector(candidate, work, plan, cancellation))];
        _changes = [.. _reflectors.Select(reflector => new ChangePhase(reflector, plan))];
    }

    /// <returns>The results in the order of the candidates. One that fails is left out from then on.</returns>
    public IReadOnlyList<RunResult> Execute()
    {
        foreach (var number in Turn(first: 0))
        {
            Try(number, () => _reflectors[number].Start([]));
        }

        foreach (var number in Turn(first: 0))
        {
            Try(number, () => _reflectors[number].Loop.RunFor(_plan.Rest));
        }

        for (var change = 0; change < _plan.IdleProbes; change += ChangesOfBlock)
        {
            var end = Math.Min(change + ChangesOfBlock, _plan.IdleProbes);
            foreach (var number in Turn(first: change / ChangesOfBlock))
            {
                Try(number, () => _changes[number].MakeInQuiet(change, end));
            }
        }

        foreach (var number in Turn(first: 0))
        {
            Try(number, _reflectors[number].CheckContent);
            _changes[number].TakeQuiet(_values[number]);
        }

        return [.. _values.Zip(_faults, static (values, fault) => new RunResult(values, fault))];
    }

    public void Dispose()
    {
        foreach (var reflector in _reflectors)
        {
            reflector.Dispose();
        }
    }

    private IEnumerable<int> Turn(int first) =>
        Enumerable.Range(first, _reflectors.Length).Select(turn => turn % _reflectors.Length).Where(number => _faults[number] is null);

    private void Try(int number, Action step)
    {
        try
        {
            step();
        }
        catch (BenchException exception)
        {
            _faults[number] = _reflectors[number].Explain(exception.Message);
        }
    }
}
