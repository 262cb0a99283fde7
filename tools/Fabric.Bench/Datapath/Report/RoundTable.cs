using Fabric.Bench.Datapath.Works;

namespace Fabric.Bench.Datapath.Report;

/// <summary>What each candidate gave in each round of one work.</summary>
internal sealed class RoundTable
{
    private readonly Dictionary<(string Contender, Measure Measure), SortedDictionary<int, double>> _values = [];

    public IReadOnlyList<string> Contenders => [.. _values.Keys.Select(key => key.Contender).Distinct()];

    public IReadOnlyList<Measure> Measures => [.. _values.Keys.Select(key => key.Measure).Distinct()];

    public void Add(string contender, int round, IReadOnlyDictionary<Measure, double> values)
    {
        foreach (var (measure, value) in values)
        {
            if (!_values.TryGetValue((contender, measure), out var rounds))
            {
                _values.Add((contender, measure), rounds = []);
            }

            rounds[round] = value;
        }
    }

    public Spread? Of(string contender, Measure measure) =>
        _values.TryGetValue((contender, measure), out var rounds) ? Spread.Of(rounds.Values) : null;

    /// <summary>One candidate's values divided by another's of the same round: what changes on the machine from round to round changes both.</summary>
    public Spread? Ratio(string contender, string peer, Measure measure) =>
        _values.TryGetValue((contender, measure), out var ours) && _values.TryGetValue((peer, measure), out var theirs)
            ? Spread.Of(ours.Where(entry => theirs.GetValueOrDefault(entry.Key) > 0).Select(entry => entry.Value / theirs[entry.Key]))
            : null;
}
